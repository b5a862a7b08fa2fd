import { BlockList } from 'node:net';
import { isIpv6 } from './is-ipv6.ts';

/** Whether an address may talk to this BMC. */
export type AllowList = (address: string) => boolean;

const allowEveryAddress: AllowList = () => true;

/**
 * `networks`: `192.168.24.0/24`, `fd00::/8`, or single addresses, validated by the supervisor; undefined allows every address.
 * An IPv4 peer of a dual-stack socket (`::ffff:192.168.24.7`) is looked up as IPv4.
 */
export function createAllowList(networks: readonly string[] | undefined): AllowList {
  if (networks === undefined) return allowEveryAddress;
  const allowed = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIpv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) allowed.addAddress(address, family);
    else allowed.addSubnet(address, Number(prefix), family);
  }
  // A session sends packet after packet from one address: remembering the last answer saves most look-ups.
  let last: { readonly address: string; readonly isAllowed: boolean } | undefined;
  return (address) => {
    if (last?.address !== address) {
      // A link-local address carries the name of its interface after `%`.
      const [plain = ''] = address.split('%');
      last = { address, isAllowed: allowed.check(plain, isIpv6(plain) ? 'ipv6' : 'ipv4') };
    }
    return last.isAllowed;
  };
}
