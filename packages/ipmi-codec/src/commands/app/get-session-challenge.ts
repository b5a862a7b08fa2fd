import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetSessionChallengeRequest {
  /** 4 bits: the authentication type that the remote console wants for the session. */
  readonly authenticationType: number;
  /** 16 bytes, padded with zeros. */
  readonly userName: Uint8Array;
}

export interface SessionChallenge {
  /** 4 bytes: the session id that the remote console uses in Activate Session. */
  readonly temporarySessionId: number;
  /** 16 bytes. */
  readonly challenge: Uint8Array;
}

/** v2.0§22.16 table 22-21. Request 17 bytes, response 20. Sent before a session. */
export const getSessionChallenge: Command<GetSessionChallengeRequest, SessionChallenge> = {
  name: 'Get Session Challenge',
  netFn: 'app',
  code: 0x39,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const authenticationType = reader.u8() & 0x0f;
      const userName = reader.take(16);
      reader.end();
      return { authenticationType, userName };
    },
    encode: ({ authenticationType, userName }) =>
      new ByteWriter(17).u8(authenticationType).put(userName).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const temporarySessionId = reader.u32();
      const challenge = reader.take(16);
      reader.end();
      return { temporarySessionId, challenge };
    },
    encode: ({ temporarySessionId, challenge }) =>
      new ByteWriter(20).u32(temporarySessionId).put(challenge).bytes,
  },
};
