/** Records of an event log: those that the load adds tell whether they are whole, and each is sent once. Pure. */

export interface LogRecord {
  readonly id: number;
  /** All 16 bytes, as hex. */
  readonly hex: string;
}

/** OEM, without a time: all but the id is the client's. */
const OEM = 0xe0;
const SYSTEM_EVENT = 0x02;
/** Of a record that the load adds: which it is, and which BMC's. */
const NUMBER_AT = 3;
const BMC_AT = 7;
const FILLING_AT = 8;
const SUM_AT = 14;
const BYTES = 16;

/** Sensor type and number of all that a BMC may log of what happens here. */
const ownSensors: readonly string[] = ['2201', '1d06', '2005', '1007', '2a0b'];
/** Bytes 10 and 11: sensor type and number; 13: event data 1. */
const POWER = '2201';

/** Bytes 0 and 1 are the id, which the BMC gives. */
export function loadRecord(bmc: number, number: number, filling: Uint8Array): Uint8Array {
  const record = new Uint8Array(BYTES);
  const view = new DataView(record.buffer);
  record[2] = OEM;
  view.setUint32(NUMBER_AT, number, true);
  record[BMC_AT] = bmc;
  record.set(filling.subarray(0, SUM_AT - FILLING_AT), FILLING_AT);
  view.setUint16(SUM_AT, sumOf(record), true);
  return record;
}

export function recordOf(bytes: Uint8Array): LogRecord {
  const [low = 0, high = 0] = bytes;
  return { id: low | (high << 8), hex: Buffer.from(bytes).toString('hex') };
}

/** The number of a record that the load has added; `undefined`: it is the BMC's own. Throws for one that is torn. */
export function numberOf({ id, hex }: LogRecord, bmc: number): number | undefined {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length !== BYTES) throw new Error(`record ${id} has ${bytes.length} bytes: ${hex}`);
  if (bytes[2] === SYSTEM_EVENT && ownSensors.includes(hex.slice(20, 24))) return undefined;
  if (bytes[2] !== OEM || bytes[BMC_AT] !== bmc || bytes.readUInt16LE(SUM_AT) !== sumOf(bytes))
    throw new Error(`record ${id} is none that was added: ${hex}`);
  return bytes.readUInt32LE(NUMBER_AT);
}

/** `undefined`: it does not tell the power. */
export function powerIn({ hex }: LogRecord): 'on' | 'off' | undefined {
  if (hex.slice(4, 6) !== '02' || hex.slice(20, 24) !== POWER) return undefined;
  return hex.slice(26, 28) === '00' ? 'on' : 'off';
}

/** Of the bytes from the type up to the sum itself. */
function sumOf(bytes: Uint8Array): number {
  let sum = 1;
  for (const byte of bytes.subarray(2, SUM_AT)) sum = (sum * 31 + byte) % 0xffff;
  return sum;
}
