import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import type { SensorNumber } from './sensor-number.ts';

/** Reserved for a mask of a later version. */
const MASK = 0xff;

export interface SensorHysteresis {
  /** 1 byte each, in raw units of the reading; 0: none. */
  readonly positive: number;
  readonly negative: number;
}

/** v2.0§35.7 table 35-8. Request 2 bytes, response 2 bytes. */
export const getSensorHysteresis: Command<SensorNumber, SensorHysteresis> = {
  name: 'Get Sensor Hysteresis',
  netFn: 'sensorEvent',
  code: 0x25,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const sensorNumber = reader.u8();
      reader.skip(1);
      reader.end();
      return { sensorNumber };
    },
    encode: ({ sensorNumber }) => new ByteWriter(2).u8(sensorNumber).u8(MASK).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const value = { positive: reader.u8(), negative: reader.u8() };
      reader.end();
      return value;
    },
    encode: ({ positive, negative }) => new ByteWriter(2).u8(positive).u8(negative).bytes,
  },
};
