import type { LabBmc } from '../../lab/inventory-text.ts';
import type { UdpConsoleOptions } from '../../support/udp-console.ts';

/** Options of a simulated remote console that logs in to this BMC as its administrator. */
export function consoleTo(bmc: LabBmc, options: Partial<UdpConsoleOptions> = {}): UdpConsoleOptions {
  return {
    host: bmc.address,
    port: bmc.port,
    userName: bmc.username,
    password: bmc.password,
    privilegeLevel: 'administrator',
    cipherSuiteId: 17,
    ...options,
  };
}
