import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc';
import { isComplete, slotName } from '../ipmi-users/user-slots.ts';
import type { ShownConfiguration } from './bmc-detail.ts';

/** The configuration without password and K_g. */
export function showConfiguration(configuration: BmcConfiguration): ShownConfiguration {
  return {
    connectionUri: configuration.connectionUri,
    libvirtSasl: configuration.libvirtAuthFile !== undefined,
    users: configuration.users.map(({ name, privilege }) => ({ name, privilege })),
    userChanges: configuration.userChanges ?? false,
    ipmiUsers: (configuration.userSlots ?? []).map((slot) => ({
      id: slot.id,
      name: slotName(slot),
      privilege: slot.privilegeLimit,
      complete: isComplete(slot),
    })),
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
