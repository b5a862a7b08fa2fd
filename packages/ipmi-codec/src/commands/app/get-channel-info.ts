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
  /** 6 bits: active sessions on this channel. */
  readonly activeSessionCount: number;
}

/**
 * Channel medium type 802.3 LAN (v2.0§6.5 table 6-3), and protocol type IPMB-1.0, which LAN channels use (table 6-2).
 */
const LAN_MEDIUM = 0x04;
const IPMB_PROTOCOL = 0x01;
/** Session support, bits 7:6: the channel is multi-session. */
const MULTI_SESSION = 0x80;
/** The IPMI forum's enterprise number, in the field for the vendor that specified the protocol. */
const IPMI_FORUM = 7154;

/** v2.0§22.24 table 22-29, for a LAN channel. Request 1 byte, response 9. */
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
      reader.skip(2); // medium and protocol
      const activeSessionCount = reader.u8() & 0x3f;
      reader.skip(5); // vendor id and auxiliary channel info
      reader.end();
      return { channelNumber, activeSessionCount };
    },
    encode: ({ channelNumber, activeSessionCount }) =>
      new ByteWriter(9)
        .u8(channelNumber)
        .u8(LAN_MEDIUM)
        .u8(IPMB_PROTOCOL)
        .u8(MULTI_SESSION | activeSessionCount)
        .u24(IPMI_FORUM).bytes,
  },
};
