import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** Bits 3:0 of the cause, as far as a virtual machine has them. */
export const restartCause = {
  unknown: 0x0,
  chassisControl: 0x1,
  /** The power button: somebody else has started it. */
  powerUp: 0x3,
  watchdog: 0x4,
  alwaysRestore: 0x6,
  restorePreviousState: 0x7,
  softReset: 0xa,
} as const;

export interface SystemRestartCause {
  /** 1 byte, bits 3:0. */
  readonly cause: number;
  /** 1 byte: by which channel the command came; 0 for any other cause. */
  readonly channel: number;
}

/** v2.0§28.11 table 28-11. Request none, response 2 bytes. */
export const getSystemRestartCause: Command<NoData, SystemRestartCause> = {
  name: 'Get System Restart Cause',
  netFn: 'chassis',
  code: 0x07,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const cause = reader.u8() & 0x0f;
      const channel = reader.u8();
      reader.end();
      return { cause, channel };
    },
    encode: ({ cause, channel }) => new ByteWriter(2).u8(cause).u8(channel).bytes,
  },
};
