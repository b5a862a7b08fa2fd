/** The sensors, as the SDR repository describes them. */
import { isPoweredOn } from '../../../domain/power-state.ts';
import type { DomainState } from '../../../terms/domain-action.ts';
import type { DomainEnd, SensorFacts } from '../../../terms/sensor-facts.ts';
import { sdrRecords } from '../storage/sdr-records.ts';
import { watchdogTimerOffsets } from '../storage/sel-records.ts';

/** What a sensor reads of: `state` is undefined while only libvirt could tell it, `facts` if the supervisor has not answered. */
export interface SensorSources {
  readonly state: DomainState | undefined;
  readonly facts: SensorFacts | undefined;
}

/** A percentage, or the states that hold: bit 0 is state 0. Undefined: there is no reading. */
export type Sensed = { readonly percent: number } | { readonly states: number } | undefined;

export interface Sensor {
  readonly sensorType: number;
  readonly readingType: number;
  /** The events that the sensor can have, a bit each. */
  readonly assertion: number;
  readonly deassertion: number;
  /** Absent: the sensor has events, and no reading. */
  readonly sense?: (sources: SensorSources) => Sensed;
}

/** States of the sensor type 22h (table 42-3). */
const acpi = { s0: 1 << 0, s3: 1 << 3, s4: 1 << 4, s5: 1 << 5, s5ByOverride: 1 << 10 } as const;
/** States of the sensor type 20h. */
const osStop = { runTimeCriticalStop: 1 << 1, gracefulShutdown: 1 << 3 } as const;
/** States of the sensor type 0Dh. */
const drive = { present: 1 << 0, fault: 1 << 1 } as const;

/** States of the sensor type 10h. */
const log = { cleared: 1 << 2, full: 1 << 4, almostFull: 1 << 5 } as const;

/** The operating system had no say in an override. The event log records the same of each end. */
const stateAfterEnd: Readonly<Record<DomainEnd, number>> = {
  shutdown: acpi.s5,
  destroyed: acpi.s5ByOverride,
  crashed: acpi.s5ByOverride,
  failed: acpi.s5ByOverride,
  saved: acpi.s4,
  other: acpi.s5,
};

function powerState({ state, facts }: SensorSources): Sensed {
  if (state === undefined || state === 'migratedAway') return undefined;
  if (state === 'pmsuspended') return { states: acpi.s3 };
  if (isPoweredOn[state]) return { states: acpi.s0 };
  // How it has ended is not known for a moment after that.
  return facts?.end === undefined ? undefined : { states: stateAfterEnd[facts.end] };
}

/** A percentage that exists only while the domain runs. */
function percent(of: (facts: SensorFacts) => number | undefined): Sensor['sense'] {
  return ({ state, facts }) => {
    const value = facts === undefined ? undefined : of(facts);
    const isOn = state !== undefined && isPoweredOn[state];
    return isOn && value !== undefined
      ? { percent: Math.min(100, Math.max(0, Math.round(value))) }
      : undefined;
  };
}

/** What a guest uses of its memory only QEMU can say, and libvirt waits for one that does not answer. */
function noReading(): Sensed {
  return undefined;
}

function stoppedOs({ state, facts }: SensorSources): Sensed {
  if (state === undefined || facts === undefined) return undefined;
  if (state === 'crashed' || facts.hasPanicked === true) return { states: osStop.runTimeCriticalStop };
  const isShutDown = state === 'shutOff' && facts.end === 'shutdown';
  return { states: isShutDown ? osStop.gracefulShutdown : 0 };
}

function disks({ state, facts }: SensorSources): Sensed {
  if (state === undefined) return undefined;
  // Only a disk that is there can fail.
  if (state === 'ioError' || facts?.hasDiskFault === true) return { states: drive.present | drive.fault };
  return facts?.hasDisk === undefined ? undefined : { states: facts.hasDisk ? drive.present : 0 };
}

function watchdogTimer({ facts }: SensorSources): Sensed {
  const last = facts?.watchdog;
  if (last === undefined) return undefined;
  return { states: last === 'notExpired' ? 0 : 1 << watchdogTimerOffsets[last] };
}

function eventLog({ facts }: SensorSources): Sensed {
  if (facts?.log === undefined) return undefined;
  const { isCleared, isAlmostFull, isFull } = facts.log;
  return {
    states: (isCleared ? log.cleared : 0) | (isAlmostFull ? log.almostFull : 0) | (isFull ? log.full : 0),
  };
}

/** By number. */
const senses: Readonly<Record<number, Sensor['sense']>> = {
  1: powerState,
  2: watchdogTimer,
  3: percent(({ cpuPercent }) => cpuPercent),
  4: noReading,
  5: stoppedOs,
  7: eventLog,
  8: disks,
};

/** The types of records that describe sensors (v2.0§43.1 to §43.3). */
const FULL = 0x01;
const COMPACT = 0x02;
const EVENT_ONLY = 0x03;

function sensorOf(record: Uint8Array): readonly (readonly [number, Sensor])[] {
  const at = (offset: number): number => record[offset] ?? 0;
  const type = at(3);
  const number = at(7);
  if (type === EVENT_ONLY)
    return [[number, { sensorType: at(10), readingType: at(11), assertion: 0, deassertion: 0 }]];
  if (type !== FULL && type !== COMPACT) return [];
  const [assertion, deassertion] = [at(14) | (at(15) << 8), at(16) | (at(17) << 8)];
  const sense = senses[number];
  return [
    [number, { sensorType: at(12), readingType: at(13), assertion, deassertion, ...(sense && { sense }) }],
  ];
}

/** Made of the records, so that both say the same. */
export const sensors: ReadonlyMap<number, Sensor> = new Map(sdrRecords.flatMap(sensorOf));
