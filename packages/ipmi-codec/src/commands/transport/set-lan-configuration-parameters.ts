import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SetLanConfigurationParametersRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** 1 byte. */
  readonly parameterSelector: number;
  /** As long as the parameter. */
  readonly parameterData: Uint8Array;
}

/** v2.0§23.1 table 23-2. Request 2 bytes and the parameter's data, response none. */
export const setLanConfigurationParameters: Command<SetLanConfigurationParametersRequest, NoData> = {
  name: 'Set LAN Configuration Parameters',
  netFn: 'transport',
  code: 0x01,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return {
        channelNumber: reader.u8() & 0x0f,
        parameterSelector: reader.u8(),
        parameterData: reader.rest(),
      };
    },
    encode: ({ channelNumber, parameterSelector, parameterData }) =>
      new ByteWriter(2 + parameterData.length).u8(channelNumber).u8(parameterSelector).put(parameterData)
        .bytes,
  },
  response: noData,
};
