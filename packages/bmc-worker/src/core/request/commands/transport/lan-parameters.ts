import { privilegeLevel } from '@vbmc/ipmi-codec';
import { limits } from '../../../terms/limits.ts';
import type { LanFacts } from '../../../terms/lan-facts.ts';
import type { Bmc } from '../handler.ts';

/** v2.0§23.2 table 23-4. */
export const SET_IN_PROGRESS = 0;

const MD5 = 1 << 2;
const STATIC_ADDRESS = 1;
/** Time to live 64; the flag "don't fragment", by which Linux finds the MTU; type of service 0. */
const ipHeader = Uint8Array.of(64, 0x40, 0);
/** Bit 1: it answers ARP requests. It sends none of its own accord. */
const ANSWERS_ARP = 0x02;
/** Bytes of parameter 24: a level for each of 16 suites, 4 bits each. */
const SUITE_LEVEL_BYTES = 8;
const LOCKOUT_UNIT_MS = 10_000;

type Parameter = (bmc: Bmc, lan: LanFacts) => Uint8Array;

/** Of dotted decimals; zeros for none. */
function ipv4Bytes(address: string | undefined): Uint8Array {
  return address === undefined ? new Uint8Array(4) : Uint8Array.from(address.split('.'), Number);
}

function macBytes(address: string | undefined): Uint8Array {
  return address === undefined
    ? new Uint8Array(6)
    : Uint8Array.from(address.split(':'), (pair) => Number.parseInt(pair, 16));
}

function u16(value: number): readonly [number, number] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function zeros(length: number): Parameter {
  return () => new Uint8Array(length);
}

/** The highest level of any session, with whatever suite; the first suite in bits 3:0. */
function suiteLevels({ cipherSuites, privilegeLimit }: Bmc): Uint8Array {
  const data = new Uint8Array(1 + SUITE_LEVEL_BYTES);
  cipherSuites.slice(0, 2 * SUITE_LEVEL_BYTES).forEach((_, at) => {
    const byte = 1 + (at >>> 1);
    data[byte] = (data[byte] ?? 0) | (privilegeLevel[privilegeLimit] << (4 * (at & 1)));
  });
  return data;
}

/** Threshold, interval after which the count of failures begins again, duration of a lock-out: each time in units of 10 s. */
function badPasswordThreshold({ loginPolicy: { attempts, lockoutMs } }: Bmc): Uint8Array {
  // A duration of 0 would mean "until an administrator unlocks the user".
  const lockout = attempts === 0 ? 0 : Math.min(0xffff, Math.ceil(lockoutMs / LOCKOUT_UNIT_MS));
  const reset = attempts === 0 ? 0 : Math.round(limits.failedLoginsKeptMs / LOCKOUT_UNIT_MS);
  return Uint8Array.of(0, Math.min(0xff, attempts), ...u16(reset), ...u16(lockout));
}

/** The parameters that are not "set in progress", with what they are now. All others are not supported, IPv6's among them. */
export const lanParameters: ReadonlyMap<number, Parameter> = new Map<number, Parameter>([
  // Authentication types that can be used at all, and by level, callback first. RMCP+ is not among them.
  [1, ({ allowsIpmiV15 }) => Uint8Array.of(allowsIpmiV15 ? MD5 : 0)],
  [2, ({ allowsIpmiV15 }) => (allowsIpmiV15 ? Uint8Array.of(MD5, MD5, MD5, MD5, 0) : new Uint8Array(5))],
  [3, (_, { address }) => ipv4Bytes(address)],
  [4, () => Uint8Array.of(STATIC_ADDRESS)],
  [5, (_, { macAddress }) => macBytes(macAddress)],
  [6, (_, { subnetMask }) => ipv4Bytes(subnetMask)],
  [7, () => ipHeader],
  [8, (_, { port }) => Uint8Array.from(u16(port))],
  [10, () => Uint8Array.of(ANSWERS_ARP)],
  // The interval of gratuitous ARPs.
  [11, zeros(1)],
  // Default gateway and its MAC address, and those of the backup gateway.
  [12, (_, { gateway }) => ipv4Bytes(gateway)],
  [13, zeros(6)],
  [14, zeros(4)],
  [15, zeros(6)],
  // The community string of alerts, and the number of their destinations: there are no alerts.
  [16, zeros(18)],
  [17, zeros(1)],
  // 802.1q VLAN and its priority.
  [20, zeros(2)],
  [21, zeros(1)],
  [22, ({ cipherSuites }) => Uint8Array.of(Math.min(16, cipherSuites.length))],
  [23, ({ cipherSuites }) => Uint8Array.of(0, ...cipherSuites.slice(0, 16).map(({ id }) => id))],
  [24, suiteLevels],
  [26, badPasswordThreshold],
]);
