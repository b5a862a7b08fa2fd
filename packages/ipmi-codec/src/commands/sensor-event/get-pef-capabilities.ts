import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface PefCapabilities {
  /** 1 byte: 51h, binary-coded decimal with the least significant digit first: 1.5. */
  readonly version: number;
  /** 1 byte: bit 7 OEM event record filtering, 5:0 the actions that platform event filtering can take. */
  readonly actions: number;
  /** 1 byte. */
  readonly eventFilterCount: number;
}

/** v2.0§30.1 table 30-2. Request none, response 3 bytes. */
export const getPefCapabilities: Command<NoData, PefCapabilities> = {
  name: 'Get PEF Capabilities',
  netFn: 'sensorEvent',
  code: 0x10,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const capabilities = { version: reader.u8(), actions: reader.u8(), eventFilterCount: reader.u8() };
      reader.end();
      return capabilities;
    },
    encode: ({ version, actions, eventFilterCount }) =>
      new ByteWriter(3).u8(version).u8(actions).u8(eventFilterCount).bytes,
  },
};
