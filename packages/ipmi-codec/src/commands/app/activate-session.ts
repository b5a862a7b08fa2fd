import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface ActivateSessionRequest {
  /** 4 bits. */
  readonly authenticationType: number;
  /** 4 bits. */
  readonly requestedMaximumPrivilegeLevel: number;
  /** The 16 bytes of Get Session Challenge. */
  readonly challenge: Uint8Array;
  /** 4 bytes, not 0: the first session sequence number that the BMC is to use; the remote console chooses it. */
  readonly initialOutboundSequenceNumber: number;
}

export interface ActivatedSession {
  /** 4 bits: the authentication type of the packets that follow. */
  readonly authenticationType: number;
  /** 4 bytes. */
  readonly sessionId: number;
  /** 4 bytes, not 0: the first session sequence number that the remote console is to use; the BMC chooses it. */
  readonly initialInboundSequenceNumber: number;
  /** 4 bits. */
  readonly maximumPrivilegeLevel: number;
}

/** v2.0§22.17 table 22-22. Request 22 bytes, response 10. */
export const activateSession: Command<ActivateSessionRequest, ActivatedSession> = {
  name: 'Activate Session',
  netFn: 'app',
  code: 0x3a,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const authenticationType = reader.u8() & 0x0f;
      const requestedMaximumPrivilegeLevel = reader.u8() & 0x0f;
      const challenge = reader.take(16);
      const initialOutboundSequenceNumber = reader.u32();
      reader.end();
      return { authenticationType, requestedMaximumPrivilegeLevel, challenge, initialOutboundSequenceNumber };
    },
    encode: (request) =>
      new ByteWriter(22)
        .u8(request.authenticationType)
        .u8(request.requestedMaximumPrivilegeLevel)
        .put(request.challenge)
        .u32(request.initialOutboundSequenceNumber).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const authenticationType = reader.u8() & 0x0f;
      const sessionId = reader.u32();
      const initialInboundSequenceNumber = reader.u32();
      const maximumPrivilegeLevel = reader.u8() & 0x0f;
      reader.end();
      return { authenticationType, sessionId, initialInboundSequenceNumber, maximumPrivilegeLevel };
    },
    encode: (session) =>
      new ByteWriter(10)
        .u8(session.authenticationType)
        .u32(session.sessionId)
        .u32(session.initialInboundSequenceNumber)
        .u8(session.maximumPrivilegeLevel).bytes,
  },
};
