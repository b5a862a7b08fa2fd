import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc';
import type { ShownConfiguration } from './bmc-detail.ts';

/** The configuration without password and K_g. */
export function showConfiguration(configuration: BmcConfiguration): ShownConfiguration {
  return {
    connectionUri: configuration.connectionUri,
    libvirtSasl: configuration.libvirtAuthFile !== undefined,
    users: configuration.users.map(({ name, privilege }) => ({ name, privilege })),
    allow: configuration.allow ?? null,
    loginAttempts: configuration.loginPolicy?.attempts ?? null,
    lockoutSeconds:
      configuration.loginPolicy === undefined ? null : configuration.loginPolicy.lockoutMs / 1000,
    kg: configuration.kg !== undefined,
    cipherSuites: configuration.cipherSuites,
    ipmiV15: configuration.ipmiV15 ?? false,
    privilegeLimit: configuration.privilegeLimit ?? 'administrator',
  };
}
