import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { sensorNumberCodec, type SensorNumber } from './sensor-number.ts';

export interface SensorType {
  /** 1 byte (table 42-3). */
  readonly sensorType: number;
  /** 1 byte, bits 6:0 (table 42-1): 01h has thresholds, 6Fh has the states of its type. */
  readonly readingType: number;
}

/** v2.0§35.16 table 35-17. Request 1 byte, response 2 bytes. */
export const getSensorType: Command<SensorNumber, SensorType> = {
  name: 'Get Sensor Type',
  netFn: 'sensorEvent',
  code: 0x2f,
  request: sensorNumberCodec,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const value = { sensorType: reader.u8(), readingType: reader.u8() & 0x7f };
      reader.end();
      return value;
    },
    encode: ({ sensorType, readingType }) => new ByteWriter(2).u8(sensorType).u8(readingType).bytes,
  },
};
