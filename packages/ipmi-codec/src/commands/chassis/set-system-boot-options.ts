import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SetSystemBootOptionsRequest {
  /** Byte 1, bit 7: mark the parameter invalid or locked. */
  readonly markInvalid: boolean;
  /** Byte 1, bits 6:0. */
  readonly parameterSelector: number;
  /** The parameter's data; empty to change only the mark. */
  readonly parameterData: Uint8Array;
}

/** v2.0§28.12 table 28-12. Request 1 byte plus the parameter's data, response none. */
export const setSystemBootOptions: Command<SetSystemBootOptionsRequest, NoData> = {
  name: 'Set System Boot Options',
  netFn: 'chassis',
  code: 0x08,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const selector = reader.u8();
      return {
        markInvalid: bit(selector, 7),
        parameterSelector: selector & 0x7f,
        parameterData: reader.rest(),
      };
    },
    encode: (request) =>
      new ByteWriter(1 + request.parameterData.length)
        .u8(flag(request.markInvalid, 7) | request.parameterSelector)
        .put(request.parameterData).bytes,
  },
  response: noData,
};
