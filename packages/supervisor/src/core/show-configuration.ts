import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc-protocol';
import type { ShownConfiguration } from './bmc-detail.ts';

/** What may be shown of a configuration: no password, no K_g. */
export function showConfiguration(configuration: BmcConfiguration): ShownConfiguration {
  return {
    connectionUri: configuration.connectionUri,
    libvirtSasl: configuration.libvirtAuthFile !== undefined,
    users: configuration.users.map(({ name, privilege }) => ({ name, privilege })),
    kg: configuration.kg !== undefined,
    cipherSuites: configuration.cipherSuites,
  };
}
