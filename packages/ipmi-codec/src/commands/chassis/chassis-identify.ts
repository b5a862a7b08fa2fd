import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** How long the lamp is lit if the request does not say so, in seconds. */
const DEFAULT_SECONDS = 15;

export interface ChassisIdentify {
  /** 1 byte, optional: how long the lamp is lit, in seconds; 0 switches it off. */
  readonly seconds: number;
  /** 1 byte, optional, bit 0: the lamp is lit until it is switched off. */
  readonly forced: boolean;
}

/** v2.0§28.5 table 28-6. Request 0 to 2 bytes, response none. */
export const chassisIdentify: Command<ChassisIdentify, NoData> = {
  name: 'Chassis Identify',
  netFn: 'chassis',
  code: 0x04,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const seconds = reader.remaining === 0 ? DEFAULT_SECONDS : reader.u8();
      const forced = reader.remaining === 0 ? false : bit(reader.u8(), 0);
      reader.end();
      return { seconds, forced };
    },
    encode: ({ seconds, forced }) => new ByteWriter(2).u8(seconds).u8(flag(forced, 0)).bytes,
  },
  response: noData,
};
