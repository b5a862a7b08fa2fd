import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { parameterResponse, type ParameterResponse } from '../parameter-response.ts';

/** v2.0§22.14b table 22-16c. */
export const systemInfoParameter = {
  setInProgress: 0,
  systemFirmwareVersion: 1,
  systemName: 2,
  primaryOperatingSystemName: 3,
  operatingSystemName: 4,
  operatingSystemVersion: 5,
} as const;

export interface GetSystemInfoParametersRequest {
  /** Byte 1, bit 7: the parameter's revision is asked for, and no data. */
  readonly revisionOnly: boolean;
  /** 1 byte. */
  readonly parameterSelector: number;
  /** 1 byte: for a text the number of its 16-byte block, from 0. */
  readonly setSelector: number;
  /** 1 byte. */
  readonly blockSelector: number;
}

/** v2.0§22.14b table 22-16b. Request 4 bytes, response 1 byte and the parameter's data. */
export const getSystemInfoParameters: Command<GetSystemInfoParametersRequest, ParameterResponse> = {
  name: 'Get System Info Parameters',
  netFn: 'app',
  code: 0x59,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const request = {
        revisionOnly: bit(reader.u8(), 7),
        parameterSelector: reader.u8(),
        setSelector: reader.u8(),
        blockSelector: reader.u8(),
      };
      reader.end();
      return request;
    },
    encode: ({ revisionOnly, parameterSelector, setSelector, blockSelector }) =>
      new ByteWriter(4).u8(flag(revisionOnly, 7)).u8(parameterSelector).u8(setSelector).u8(blockSelector)
        .bytes,
  },
  response: parameterResponse,
};
