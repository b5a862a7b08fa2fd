import { ByteReader } from '../../bytes/byte-reader.ts';
import { noData, type Command, type DataCodec, type NoData } from '../command.ts';

export interface Guid {
  /** 16 bytes. */
  readonly guid: Uint8Array;
}

const guidData: DataCodec<Guid> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const guid = reader.take(16);
    reader.end();
    return { guid };
  },
  encode: ({ guid }) => guid,
};

/** v2.0§20.8 table 20-10. Request none, response 16 bytes. */
export const getDeviceGuid: Command<NoData, Guid> = {
  name: 'Get Device GUID',
  netFn: 'app',
  code: 0x08,
  request: noData,
  response: guidData,
};

/** v2.0§22.14 table 22-16. Request none, response 16 bytes. Allowed before a session. */
export const getSystemGuid: Command<NoData, Guid> = {
  name: 'Get System GUID',
  netFn: 'app',
  code: 0x37,
  request: noData,
  response: guidData,
};
