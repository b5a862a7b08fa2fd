/** Looks up the addresses by which other hosts may reach this one. */
import { networkInterfaces } from 'node:os';
import { sourceAddress } from '../host/source-address.ts';
import { defined } from '../text/records.ts';
import type { OwnAddresses } from './advertised-address.ts';

export async function lookUpOwnAddresses(): Promise<OwnAddresses> {
  const [ipv4, ipv6] = [await sourceAddress('udp4'), await sourceAddress('udp6')];
  const libvirtNetwork = Object.entries(networkInterfaces())
    .filter(([name]) => /^virbr[0-9]+$/.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(({ family }) => family === 'IPv4')?.address;
  return {
    defaultRoute: defined({ ipv4, ipv6 }),
    ...defined({ libvirtNetwork }),
  };
}
