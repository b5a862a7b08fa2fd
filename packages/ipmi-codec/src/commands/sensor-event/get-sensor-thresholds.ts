import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { sensorNumberCodec, type SensorNumber } from './sensor-number.ts';

/** Six thresholds of 1 byte each. */
const LENGTH = 6;

export interface SensorThresholds {
  /** 1 byte: bits 5:0 say which of the thresholds can be read. */
  readonly readable: number;
  /** 6 bytes: lower non-critical, critical and non-recoverable, then the upper ones; 0 where it cannot be read. */
  readonly thresholds: Uint8Array;
}

/** v2.0§35.9 table 35-10. Request 1 byte, response 7 bytes. */
export const getSensorThresholds: Command<SensorNumber, SensorThresholds> = {
  name: 'Get Sensor Thresholds',
  netFn: 'sensorEvent',
  code: 0x27,
  request: sensorNumberCodec,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const value = { readable: reader.u8(), thresholds: reader.take(LENGTH) };
      reader.end();
      return value;
    },
    encode: ({ readable, thresholds }) => new ByteWriter(1 + LENGTH).u8(readable).put(thresholds).bytes,
  },
};
