/** Reads `allow`: the networks and addresses that may reach a BMC. */
import { isIP } from 'node:net';
import type { Problem } from '../text/problem.ts';
import { numberWithin, shown } from './field-checks.ts';

/** `192.168.24.0/24, fd00::/8, 2001:db8::7`: the entries, or what is wrong with the first bad one. */
export function readNetworks(value: string): readonly string[] | { readonly problem: Problem } {
  const networks = value.split(/[\s,]+/).filter((word) => word !== '');
  if (networks.length === 0) {
    const remedy = 'write for example 192.168.24.0/24, or remove the key to allow every address';
    return { problem: { message: 'there is no network', remedy } };
  }
  for (const network of networks) {
    const problem = networkProblem(network);
    if (problem !== undefined) return { problem };
  }
  return networks;
}

function networkProblem(network: string): Problem | undefined {
  const [address = '', prefix, ...more] = network.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%')) {
    const remedy = 'write ADDRESS/BITS, for example 192.168.24.0/24 or fd00::/8, or an address';
    return { message: `${network} is not a network`, remedy };
  }
  if (/^::ffff:/i.test(address)) {
    return { message: `${network} is IPv4 written as IPv6`, remedy: 'write the IPv4 address' };
  }
  const bits = family === 4 ? 32 : 128;
  if (prefix === undefined || numberWithin(prefix, 0, bits) !== undefined) return undefined;
  const message = `${network} has ${shown(prefix)} after the slash`;
  return { message, remedy: `write a number of bits from 0 to ${bits}` };
}
