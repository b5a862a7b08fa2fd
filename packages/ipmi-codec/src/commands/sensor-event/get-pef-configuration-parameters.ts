import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { parameterResponse, type ParameterResponse } from '../parameter-response.ts';

export interface GetPefConfigurationParametersRequest {
  /** Byte 1, bit 7: the parameter's revision is asked for, and no data. */
  readonly revisionOnly: boolean;
  /** 7 bits. */
  readonly parameterSelector: number;
  /** 1 byte each; 0 for parameters that have no sets, or no blocks. */
  readonly setSelector: number;
  readonly blockSelector: number;
}

/** v2.0§30.4 table 30-5. Request 3 bytes, response 1 byte and the parameter's data. */
export const getPefConfigurationParameters: Command<GetPefConfigurationParametersRequest, ParameterResponse> =
  {
    name: 'Get PEF Configuration Parameters',
    netFn: 'sensorEvent',
    code: 0x13,
    request: {
      decode: (data) => {
        const reader = new ByteReader(data);
        const selector = reader.u8();
        const request = {
          revisionOnly: bit(selector, 7),
          parameterSelector: selector & 0x7f,
          setSelector: reader.u8(),
          blockSelector: reader.u8(),
        };
        reader.end();
        return request;
      },
      encode: ({ revisionOnly, parameterSelector, setSelector, blockSelector }) =>
        new ByteWriter(3)
          .u8(parameterSelector | flag(revisionOnly, 7))
          .u8(setSelector)
          .u8(blockSelector).bytes,
    },
    response: parameterResponse,
  };
