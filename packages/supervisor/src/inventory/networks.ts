/** Who may talk to a BMC: a list of networks and addresses. */
import { isIP } from 'node:net';
import { numberWithin } from './field-checks.ts';

export interface Problem {
  readonly problem: string;
}

/** `192.168.24.0/24, fd00::/8, 2001:db8::7`: the entries, or what is wrong with one of them. */
export function readNetworks(value: string): readonly string[] | Problem {
  const networks = value.split(/[\s,]+/).filter((word) => word !== '');
  if (networks.length === 0) {
    return {
      problem: 'there is no network: write for example 192.168.24.0/24, or leave the key out for everybody',
    };
  }
  for (const network of networks) {
    const problem = networkProblem(network);
    if (problem !== undefined) return { problem };
  }
  return networks;
}

function networkProblem(network: string): string | undefined {
  const [address = '', prefix, ...more] = network.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%')) {
    return `${network} is not a network: write ADDRESS/BITS, for example 192.168.24.0/24 or fd00::/8, or an address`;
  }
  if (/^::ffff:/i.test(address)) return `${network} is IPv4 written as IPv6: write the IPv4 address`;
  const bits = family === 4 ? 32 : 128;
  if (prefix === undefined || numberWithin(prefix, 0, bits) !== undefined) return undefined;
  return `${network} has ${prefix === '' ? 'nothing' : prefix} after the slash: write a number of bits from 0 to ${bits}`;
}
