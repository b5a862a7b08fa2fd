import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SetSystemInfoParametersRequest {
  /** 7 bits; bit 7 is reserved. */
  readonly parameterSelector: number;
  /** As long as the parameter; of a text the block's number and its 16 bytes. */
  readonly parameterData: Uint8Array;
}

/** v2.0§22.14a table 22-16a. Request 1 byte and the parameter's data, response none. */
export const setSystemInfoParameters: Command<SetSystemInfoParametersRequest, NoData> = {
  name: 'Set System Info Parameters',
  netFn: 'app',
  code: 0x58,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return { parameterSelector: reader.u8() & 0x7f, parameterData: reader.rest() };
    },
    encode: ({ parameterSelector, parameterData }) =>
      new ByteWriter(1 + parameterData.length).u8(parameterSelector).put(parameterData).bytes,
  },
  response: noData,
};
