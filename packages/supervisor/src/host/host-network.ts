/** The IPv4 network of this host, as a BMC tells it: by tables of the kernel, as the service may not use netlink. */
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { readAddressTables } from './address-tables.ts';
import { readKernelTables } from './read-address-tables.ts';
import { readSurroundings } from './route-table.ts';
import { sourceAddress } from './source-address.ts';

/** Each in dotted form, the MAC address in pairs of hex digits with colons. Absent: the host has none, or does not tell. */
export interface HostNetwork {
  readonly address?: string;
  readonly subnetMask?: string;
  readonly macAddress?: string;
  readonly gateway?: string;
}

/** `address` of this host; `undefined`: the one by which other hosts most likely reach it. */
export type DescribeNetwork = (address: string | undefined) => Promise<HostNetwork>;

const libvirtNetwork = /^virbr[0-9]+$/;

export const describeNetwork: DescribeNetwork = async (given) => {
  const table = readTable('/proc/self/net/route');
  const around = (one: string) => readSurroundings(table, one, endianness() === 'LE');
  const address = given ?? (await sourceAddress('udp4')) ?? libvirtAddress(around);
  if (address === undefined) return {};
  const found = around(address);
  if (found === undefined) return { address };
  const { interfaceName, ...rest } = found;
  const mac = readTable(`/sys/class/net/${interfaceName}/address`).trim();
  return { address, ...rest, ...(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(mac) && { macAddress: mac }) };
};

/** This host's address in libvirt's own network. */
function libvirtAddress(
  around: (address: string) => { readonly interfaceName: string } | undefined,
): string | undefined {
  const { ipv4 } = readAddressTables(readKernelTables());
  return ipv4.find((address) => libvirtNetwork.test(around(address)?.interfaceName ?? ''));
}

/** Empty if it cannot be read: the interface has just gone, or is of no kind that has such a file. */
function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
