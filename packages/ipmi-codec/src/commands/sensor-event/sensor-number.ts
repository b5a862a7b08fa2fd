import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { DataCodec } from '../command.ts';

export interface SensorNumber {
  /** 1 byte: 00h to FEh. */
  readonly sensorNumber: number;
}

/** The request of the commands that ask about one sensor. 1 byte. */
export const sensorNumberCodec: DataCodec<SensorNumber> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const request = { sensorNumber: reader.u8() };
    reader.end();
    return request;
  },
  encode: ({ sensorNumber }) => new ByteWriter(1).u8(sensorNumber).bytes,
};
