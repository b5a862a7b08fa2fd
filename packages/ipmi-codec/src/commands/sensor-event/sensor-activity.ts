import { bit, flag } from '../../bytes/bits.ts';

/** The byte that tells what the BMC does with a sensor; the same in three responses. */
export interface SensorActivity {
  /** Bit 7: events of the sensor are enabled. */
  readonly sendsEvents: boolean;
  /** Bit 6: the sensor is scanned. */
  readonly isScanned: boolean;
  /** Bit 5: there is no reading, or no state, now. */
  readonly isUnavailable: boolean;
}

export function readActivity(byte: number): SensorActivity {
  return { sendsEvents: bit(byte, 7), isScanned: bit(byte, 6), isUnavailable: bit(byte, 5) };
}

export function activityByte({ sendsEvents, isScanned, isUnavailable }: SensorActivity): number {
  return flag(sendsEvents, 7) | flag(isScanned, 6) | flag(isUnavailable, 5);
}
