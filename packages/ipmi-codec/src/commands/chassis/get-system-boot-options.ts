import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetSystemBootOptionsRequest {
  /** Byte 1, bits 6:0. */
  readonly parameterSelector: number;
  readonly setSelector: number;
  readonly blockSelector: number;
}

export interface GetSystemBootOptionsResponse {
  /** Byte 3, bit 7: the parameter is marked invalid or locked. */
  readonly markedInvalid: boolean;
  /** Byte 3, bits 6:0. */
  readonly parameterSelector: number;
  readonly parameterData: Uint8Array;
}

/** Byte 2, bits 3:0. */
const PARAMETER_VERSION = 0x01;

/** v2.0§28.13 table 28-13. Request 3 bytes, response 2 bytes plus the parameter's data. */
export const getSystemBootOptions: Command<GetSystemBootOptionsRequest, GetSystemBootOptionsResponse> = {
  name: 'Get System Boot Options',
  netFn: 'chassis',
  code: 0x09,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const request = {
        parameterSelector: reader.u8() & 0x7f,
        setSelector: reader.u8(),
        blockSelector: reader.u8(),
      };
      reader.end();
      return request;
    },
    encode: (request) =>
      new ByteWriter(3).u8(request.parameterSelector).u8(request.setSelector).u8(request.blockSelector).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      reader.skip(1);
      const selector = reader.u8();
      return {
        markedInvalid: bit(selector, 7),
        parameterSelector: selector & 0x7f,
        parameterData: reader.rest(),
      };
    },
    encode: (response) =>
      new ByteWriter(2 + response.parameterData.length)
        .u8(PARAMETER_VERSION)
        .u8(flag(response.markedInvalid, 7) | response.parameterSelector)
        .put(response.parameterData).bytes,
  },
};
