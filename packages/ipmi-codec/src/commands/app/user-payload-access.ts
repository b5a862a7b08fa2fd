import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';
import { getUserAccess, type GetUserAccessRequest } from './get-user-access.ts';

/** 4 bytes, a bit for each payload type: standard ones 0 to 7 and 8 to 15, OEM ones 0 to 7 and 8 to 15. */
export interface PayloadBits {
  /** Byte 1, bit 1: Serial over LAN. */
  readonly sol: boolean;
  /** Whether any other bit is set. Of standard payloads, bit 0 is reserved. */
  readonly others: boolean;
}

export interface SetUserPayloadAccessRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** 6 bits. */
  readonly userId: number;
  /** Byte 2, bits 7:6: 0 enables the payload types whose bits are set, 1 disables them; 2 and 3 are reserved. */
  readonly operation: number;
  readonly payloads: PayloadBits;
}

function readPayloads(reader: ByteReader): PayloadBits {
  const standard = reader.u8();
  const rest = reader.u24();
  return { sol: bit(standard, 1), others: (standard & 0xfd) !== 0 || rest !== 0 };
}

/** Of other payloads bit 2 stands for all: this BMC has none. */
function writePayloads(writer: ByteWriter, { sol, others }: PayloadBits): Uint8Array {
  return writer.u8(flag(sol, 1) | flag(others, 2)).u24(0).bytes;
}

/** v2.0§24.6 table 24-8. Request 6 bytes, response none. */
export const setUserPayloadAccess: Command<SetUserPayloadAccessRequest, NoData> = {
  name: 'Set User Payload Access',
  netFn: 'app',
  code: 0x4c,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8() & 0x0f;
      const user = reader.u8();
      const payloads = readPayloads(reader);
      reader.end();
      return { channelNumber, userId: user & 0x3f, operation: user >>> 6, payloads };
    },
    encode: ({ channelNumber, userId, operation, payloads }) =>
      writePayloads(new ByteWriter(6).u8(channelNumber).u8((operation << 6) | userId), payloads),
  },
  response: noData,
};

/** v2.0§24.7 table 24-9. Request 2 bytes, response 4. */
export const getUserPayloadAccess: Command<GetUserAccessRequest, PayloadBits> = {
  name: 'Get User Payload Access',
  netFn: 'app',
  code: 0x4d,
  request: getUserAccess.request,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const payloads = readPayloads(reader);
      reader.end();
      return payloads;
    },
    encode: (payloads) => writePayloads(new ByteWriter(4), payloads),
  },
};
