import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

/** Names the session that the remote console asks about. */
export type GetSessionInfoRequest =
  /** 0 for the session of the request; N for the Nth active session. */
  | { readonly index: number }
  /** 1 byte. */
  | { readonly handle: number }
  /** 4 bytes. */
  | { readonly sessionId: number };

export interface SessionInfo {
  /** 1 byte; 0 if there is no such session. */
  readonly handle: number;
  /** 6 bits each. */
  readonly possibleSessions: number;
  readonly activeSessions: number;
  /** Absent if there is no such session. */
  readonly session?: {
    /** 6 bits. */
    readonly userId: number;
    /** 4 bits. */
    readonly privilegeLevel: number;
    /** 4 bits: 0 for IPMI 1.5, 1 for IPMI 2.0 (RMCP+). */
    readonly protocol: number;
    /** 4 bits. */
    readonly channelNumber: number;
    /** The remote console's IPv4 address, 4 bytes; zeros if it has none. */
    readonly address: Uint8Array;
    /** 2 bytes. */
    readonly port: number;
  };
}

const BY_HANDLE = 0xfe;
const BY_SESSION_ID = 0xff;

/**
 * v2.0§22.20 table 22-25, for a LAN channel. Request 1, 2 or 5 bytes, response 3 or 18. The MAC address is all zeros.
 */
export const getSessionInfo: Command<GetSessionInfoRequest, SessionInfo> = {
  name: 'Get Session Info',
  netFn: 'app',
  code: 0x3d,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const index = reader.u8();
      const request =
        index === BY_HANDLE
          ? { handle: reader.u8() }
          : index === BY_SESSION_ID
            ? { sessionId: reader.u32() }
            : { index };
      reader.end();
      return request;
    },
    encode: (request) => {
      if ('index' in request) return new ByteWriter(1).u8(request.index).bytes;
      if ('handle' in request) return new ByteWriter(2).u8(BY_HANDLE).u8(request.handle).bytes;
      return new ByteWriter(5).u8(BY_SESSION_ID).u32(request.sessionId).bytes;
    },
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const handle = reader.u8();
      const possibleSessions = reader.u8() & 0x3f;
      const activeSessions = reader.u8() & 0x3f;
      const counts = { handle, possibleSessions, activeSessions };
      if (reader.remaining === 0) return counts;
      const userId = reader.u8() & 0x3f;
      const privilegeLevel = reader.u8() & 0x0f;
      const protocolAndChannel = reader.u8();
      const address = reader.take(4);
      reader.skip(6); // MAC address
      const port = reader.u16();
      reader.end();
      const protocol = protocolAndChannel >>> 4;
      const channelNumber = protocolAndChannel & 0x0f;
      return { ...counts, session: { userId, privilegeLevel, protocol, channelNumber, address, port } };
    },
    encode: ({ handle, possibleSessions, activeSessions, session }) => {
      const writer = new ByteWriter(session === undefined ? 3 : 18)
        .u8(handle)
        .u8(possibleSessions)
        .u8(activeSessions);
      if (session === undefined) return writer.bytes;
      return writer
        .u8(session.userId)
        .u8(session.privilegeLevel)
        .u8((session.protocol << 4) | session.channelNumber)
        .put(session.address)
        .skip(6)
        .u16(session.port).bytes;
    },
  },
};
