import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetChannelInfoRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
}

export interface ChannelInfo {
  /** 4 bits. */
  readonly channelNumber: number;
  /** 7 bits (v2.0§6.5 table 6-3). */
  readonly medium: number;
  /** 5 bits (v2.0§6.5 table 6-2). */
  readonly protocol: number;
  /** 2 bits: 0 session-less, 2 multi-session. */
  readonly sessionSupport: number;
  /** 6 bits: active sessions on this channel. */
  readonly activeSessionCount: number;
  /** 2 bytes; of a system interface: its interrupts, FFh each for "none". */
  readonly auxiliaryInfo: number;
}

/** The IPMI forum's enterprise number, in the field for the vendor that specified the protocol. */
const IPMI_FORUM = 7154;

/** v2.0§22.24 table 22-29. Request 1 byte, response 9. */
export const getChannelInfo: Command<GetChannelInfoRequest, ChannelInfo> = {
  name: 'Get Channel Info',
  netFn: 'app',
  code: 0x42,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8() & 0x0f;
      reader.end();
      return { channelNumber };
    },
    encode: ({ channelNumber }) => new ByteWriter(1).u8(channelNumber).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8() & 0x0f;
      const medium = reader.u8() & 0x7f;
      const protocol = reader.u8() & 0x1f;
      const sessions = reader.u8();
      reader.skip(3); // vendor id
      const auxiliaryInfo = reader.u16();
      reader.end();
      const [sessionSupport, activeSessionCount] = [sessions >>> 6, sessions & 0x3f];
      return { channelNumber, medium, protocol, sessionSupport, activeSessionCount, auxiliaryInfo };
    },
    encode: (info) =>
      new ByteWriter(9)
        .u8(info.channelNumber)
        .u8(info.medium)
        .u8(info.protocol)
        .u8((info.sessionSupport << 6) | info.activeSessionCount)
        .u24(IPMI_FORUM)
        .u16(info.auxiliaryInfo).bytes,
  },
};
