/** The one table from libvirt's facts to SEL records (v2.0§32.1, §42.2). Pure. */
import { ByteWriter } from '@vbmc/ipmi-codec';
import type { LogEntry, LogFact } from '../../../terms/log-fact.ts';
import { watchdogUses, type WatchdogExpiry } from '../../../terms/watchdog.ts';

export const SEL_RECORD_BYTES = 16;

/** System event record. */
const SYSTEM_EVENT = 0x02;
/** OEM records from here to DFh have a time. */
const FIRST_OEM_TIMESTAMPED = 0xc0;
const FIRST_OEM_NOT_TIMESTAMPED = 0xe0;

/** The BMC's own address: it has generated the event. */
const GENERATOR = 0x0020;
const EVENT_MESSAGE_REVISION = 0x04;
/** Event type: bits 6:0 sensor-specific; bit 7 the state is over. */
const SENSOR_SPECIFIC = 0x6f;
const DEASSERTED = 0xef;
const UNSPECIFIED = 0xff;
/** Bits 7:4 of event data 1: bytes 2 and 3 have a meaning of their sensor type. */
const BOTH_BYTES = 0xf0;
const SECOND_BYTE = 0xc0;
/** No user id, by channel 1. */
const NO_USER = 0x00;
const LAN_CHANNEL = 0x01;
/** Event data 2 of Watchdog 2, bits 7:4: the interrupt before the expiry, 0 for none; bits 3:0: what the timer was used for. */
const NMI_INTERRUPT = 0x20;
const TIMER_USE_UNSPECIFIED = 0x0f;
const ALMOST_FULL_PERCENT = 80;

/** The number of no sensor. */
const NO_SENSOR = 0xff;

/** The sensors of the SDR repository, and the power control, which has none there. */
const sensors = {
  power: [0x22, 1],
  watchdog: [0x23, 2],
  osStop: [0x20, 5],
  boot: [0x1d, 6],
  log: [0x10, 7],
  disks: [0x0d, 8],
  nmi: [0x13, 9],
  memory: [0x0c, 10],
  audit: [0x2a, 11],
  powerUnit: [0x09, NO_SENSOR],
} as const satisfies Readonly<Record<string, readonly [type: number, number: number]>>;

type Data = readonly [first: number, second?: number, third?: number];
type SensorEvent = readonly [sensor: keyof typeof sensors, data: Data, isOver?: boolean];

const bootOffsets = { start: 0x00, reset: 0x01, guest: 0x02 } as const;
const powerOffsets = {
  working: 0x00,
  suspendedToRam: 0x03,
  suspendedToDisk: 0x04,
  softOff: 0x05,
  forcedOff: 0x0a,
} as const;
const SOFT_POWER_CONTROL_FAILURE = 0x05;
const osStopOffsets = { panic: 0x01, shutdown: 0x03 } as const;
const watchdogOffsets = {
  none: 0x00,
  reset: 0x01,
  powerOff: 0x02,
  powerCycle: 0x03,
  interrupt: 0x08,
} as const;

/** The same by what the BMC's own timer does. The sensor reads these states, too. */
export const watchdogTimerOffsets = {
  none: 0x00,
  hardReset: 0x01,
  powerDown: 0x02,
  powerCycle: 0x03,
  nmi: 0x08,
} as const satisfies Readonly<Record<WatchdogExpiry['effect'], number>>;

function eventOf(fact: Exclude<LogFact, { kind: 'record' }>): SensorEvent {
  switch (fact.kind) {
    case 'booted':
      return ['boot', [bootOffsets[fact.by]]];
    case 'power':
      return ['power', [powerOffsets[fact.state]]];
    case 'osStopped':
      return ['osStop', [osStopOffsets[fact.how]]];
    case 'diskFault':
      return ['disks', [0x01], fact.isOver === true];
    case 'nmi':
      return ['nmi', [0x00]];
    case 'memoryFailure':
      return ['memory', [0x01]];
    case 'watchdog':
      return ['watchdog', [SECOND_BYTE | watchdogOffsets[fact.action], TIMER_USE_UNSPECIFIED]];
    case 'watchdogTimer': {
      // Uses count from 1.
      const use = watchdogUses.indexOf(fact.use) + 1;
      const offset = watchdogTimerOffsets[fact.effect];
      return ['watchdog', [SECOND_BYTE | offset, (fact.hasNmi === true ? NMI_INTERRUPT : 0) | use]];
    }
    case 'watchdogActionFailed':
      return ['powerUnit', [SOFT_POWER_CONTROL_FAILURE]];
    case 'loginsFail':
      return ['audit', [BOTH_BYTES | 0x02, NO_USER, LAN_CHANNEL]];
    case 'loginsLockedOut':
      return ['audit', [BOTH_BYTES | 0x03, NO_USER, LAN_CHANNEL]];
    case 'logCleared':
      return ['log', [0x02]];
    case 'logAlmostFull':
      return ['log', [SECOND_BYTE | 0x05, ALMOST_FULL_PERCENT]];
    case 'logFull':
      return ['log', [0x04]];
  }
}

/** Whether clients may add records of this type. */
export function isAddable(recordType: number): boolean {
  return recordType === SYSTEM_EVENT || recordType >= FIRST_OEM_TIMESTAMPED;
}

/** The record of 16 bytes: id (2), type (1), for a system event time (4), generator (2), 04h, sensor type and number, event. */
export function selRecordOf({ id, at, fact }: LogEntry): Uint8Array {
  if (fact.kind === 'record') return clientRecord(id, at, fact.hex);
  const [sensor, [first, second = UNSPECIFIED, third = UNSPECIFIED], isOver = false] = eventOf(fact);
  const [type, number] = sensors[sensor];
  return new ByteWriter(SEL_RECORD_BYTES)
    .u16(id)
    .u8(SYSTEM_EVENT)
    .u32(at)
    .u16(GENERATOR)
    .u8(EVENT_MESSAGE_REVISION)
    .u8(type)
    .u8(number)
    .u8(isOver ? DEASSERTED : SENSOR_SPECIFIC)
    .u8(first)
    .u8(second)
    .u8(third).bytes;
}

/** As it was added, with the id and, where its type has one, the time of this log. */
function clientRecord(id: number, at: number, hex: string): Uint8Array {
  const added = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const [, , type = 0] = added;
  const head = new ByteWriter(7).u16(id).u8(type).u32(at).bytes;
  const kept = type < FIRST_OEM_NOT_TIMESTAMPED ? head.length : 3;
  const record = new Uint8Array(SEL_RECORD_BYTES);
  record.set(head.subarray(0, kept));
  record.set(added.subarray(kept, SEL_RECORD_BYTES), kept);
  return record;
}

/** A platform event as a record to add: `channel` is where it came from, `generator` the software that has sent it. */
export function recordOfPlatformEvent(event: {
  readonly generator: number;
  readonly channel: number;
  readonly messageRevision: number;
  readonly sensorType: number;
  readonly sensorNumber: number;
  readonly eventType: number;
  readonly eventData: Uint8Array;
}): Uint8Array {
  return new ByteWriter(SEL_RECORD_BYTES)
    .skip(2)
    .u8(SYSTEM_EVENT)
    .skip(4)
    .u8(event.generator)
    .u8(event.channel << 4)
    .u8(event.messageRevision)
    .u8(event.sensorType)
    .u8(event.sensorNumber)
    .u8(event.eventType)
    .put(event.eventData).bytes;
}
