import type { LabBmc } from '#lab/inventory-text.ts';
import type { UdpConsoleOptions } from '../console/udp-console.ts';

/** What a remote console knows of a BMC. */
export type RemoteBmc = Pick<LabBmc, 'address' | 'port' | 'username' | 'password'>;

/** Options of a simulated remote console that logs in to this BMC as its administrator. */
export function consoleTo(bmc: RemoteBmc, options: Partial<UdpConsoleOptions> = {}): UdpConsoleOptions {
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
