import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { activityByte, readActivity, type SensorActivity } from './sensor-activity.ts';
import { sensorNumberCodec, type SensorNumber } from './sensor-number.ts';

export interface SensorReading extends SensorActivity {
  /** 1 byte: the raw reading; 0 of a sensor that has states only. */
  readonly reading: number;
  /**
   * 1 byte. Of a sensor with thresholds: bits 5:0 say which are crossed, bits 7:6 are 1. Of others: bits 7:0 are states 7 to 0.
   */
  readonly states: number;
  /** 1 byte: bits 6:0 are states 14 to 8, bit 7 is 1. Absent of a sensor with thresholds. */
  readonly moreStates?: number;
}

/** v2.0§35.14 table 35-15. Request 1 byte, response 3 or 4 bytes. */
export const getSensorReading: Command<SensorNumber, SensorReading> = {
  name: 'Get Sensor Reading',
  netFn: 'sensorEvent',
  code: 0x2d,
  request: sensorNumberCodec,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const reading = reader.u8();
      const activity = readActivity(reader.u8());
      const states = reader.u8();
      const moreStates = reader.remaining > 0 ? reader.u8() : undefined;
      reader.end();
      return { reading, ...activity, states, ...(moreStates !== undefined && { moreStates }) };
    },
    encode: ({ reading, states, moreStates, ...activity }) => {
      const writer = new ByteWriter(moreStates === undefined ? 3 : 4);
      writer.u8(reading).u8(activityByte(activity)).u8(states);
      return (moreStates === undefined ? writer : writer.u8(moreStates)).bytes;
    },
  },
};
