import type { LanFacts } from '@vbmc/bmc-worker/ipc';
import { isIPv4 } from 'node:net';
import type { DescribeNetwork } from '../host/host-network.ts';
import { isWildcard } from '../host/wildcard-address.ts';
import type { WantedAddresses } from './address-link.ts';

/** What a BMC with these addresses says of its network. One that only answers on IPv6 has no IPv4 address. */
export async function lanFactsOf(
  { addresses }: WantedAddresses,
  port: number,
  describeNetwork: DescribeNetwork | undefined,
): Promise<LanFacts> {
  const isAny = addresses.some(isWildcard);
  const address = isAny ? undefined : addresses.find((one) => isIPv4(one));
  if (describeNetwork === undefined || (address === undefined && !isAny)) return { port };
  return { port, ...(await describeNetwork(address)) };
}
