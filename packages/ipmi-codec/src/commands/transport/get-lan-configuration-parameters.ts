import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { parameterResponse, type ParameterResponse } from '../parameter-response.ts';

export interface GetLanConfigurationParametersRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** Byte 1, bit 7: the parameter's revision is asked for, and no data. */
  readonly revisionOnly: boolean;
  /** 1 byte. */
  readonly parameterSelector: number;
  /** 1 byte; 0 for parameters that have one set only. */
  readonly setSelector: number;
  /** 1 byte; 0 for parameters that have no blocks. */
  readonly blockSelector: number;
}

/** v2.0§23.2 table 23-3. Request 4 bytes, response 1 byte and the parameter's data. */
export const getLanConfigurationParameters: Command<GetLanConfigurationParametersRequest, ParameterResponse> =
  {
    name: 'Get LAN Configuration Parameters',
    netFn: 'transport',
    code: 0x02,
    request: {
      decode: (data) => {
        const reader = new ByteReader(data);
        const channel = reader.u8();
        const request = {
          channelNumber: channel & 0x0f,
          revisionOnly: bit(channel, 7),
          parameterSelector: reader.u8(),
          setSelector: reader.u8(),
          blockSelector: reader.u8(),
        };
        reader.end();
        return request;
      },
      encode: ({ channelNumber, revisionOnly, parameterSelector, setSelector, blockSelector }) =>
        new ByteWriter(4)
          .u8(channelNumber | flag(revisionOnly, 7))
          .u8(parameterSelector)
          .u8(setSelector)
          .u8(blockSelector).bytes,
    },
    response: parameterResponse,
  };
