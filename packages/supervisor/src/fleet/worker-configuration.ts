import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc';
import type { BmcSettings } from '../inventory/inventory.ts';

/** The configuration for a worker. Passwords and K_g leave their `Secret` here, for the IPC channel. */
export function toConfiguration(
  settings: BmcSettings,
  libvirtAuthFile: string | undefined,
): BmcConfiguration {
  return {
    name: settings.name,
    domainName: settings.domainName,
    address: settings.address,
    port: settings.port,
    connectionUri: settings.connectionUri,
    ...(libvirtAuthFile !== undefined && { libvirtAuthFile }),
    users: settings.users.map(({ name, password, privilege }) => ({
      name,
      password: password.reveal(),
      privilege,
    })),
    cipherSuites: settings.cipherSuites,
    ...(settings.allow !== undefined && { allow: settings.allow }),
    loginPolicy: { attempts: settings.loginAttempts, lockoutMs: settings.lockoutSeconds * 1000 },
    ipmiV15: settings.ipmiV15,
    privilegeLimit: settings.privilegeLimit,
    ...(settings.assetTag !== undefined && { assetTag: settings.assetTag }),
    userChanges: settings.userChanges,
    watchdog: settings.watchdog,
    softShutdownMode: settings.softShutdownMode,
    eventLog: settings.eventLog,
    ...(settings.kg !== undefined && { kg: settings.kg.reveal() }),
  };
}
