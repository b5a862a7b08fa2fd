import { ByteReader } from '../bytes/byte-reader.ts';

const uuidPattern = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

function hexBytes(hex: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < hex.length; at += 2) bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
  return bytes;
}

/**
 * A UUID's 16 bytes in SMBIOS order (SMBIOS 3.x §7.2.1): the first three fields have the least significant byte first,
 * the rest is in the order of the text. IPMI's own order (v2.0§20.8) reverses all 16 bytes. We use the SMBIOS order
 * because libvirt shows it to the guest, and because ipmitool's automatic detection prefers it. Undefined if the text
 * is not a UUID.
 */
export function guidFromUuid(uuid: string): Uint8Array | undefined {
  const fields = uuidPattern.exec(uuid);
  if (fields === null) return undefined;
  const [, timeLow = '', timeMid = '', timeHigh = '', clock = '', node = ''] = fields;
  return Uint8Array.from([
    ...hexBytes(timeLow).reverse(),
    ...hexBytes(timeMid).reverse(),
    ...hexBytes(timeHigh).reverse(),
    ...hexBytes(clock),
    ...hexBytes(node),
  ]);
}

/** The canonical lower-case text of a GUID, given as 16 bytes in SMBIOS order. */
export function uuidFromGuid(guid: Uint8Array): string {
  const reader = new ByteReader(guid);
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const first = [hex(reader.u32(), 8), hex(reader.u16(), 4), hex(reader.u16(), 4)];
  const rest = [...reader.take(8)].map((byte) => hex(byte, 2)).join('');
  return [...first, rest.slice(0, 4), rest.slice(4)].join('-');
}
