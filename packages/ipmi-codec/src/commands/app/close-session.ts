import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface CloseSessionRequest {
  /** 4 bytes; 0 if `sessionHandle` names the session. */
  readonly sessionId: number;
  /** 1 byte, present only if the id is 0. */
  readonly sessionHandle?: number;
}

/** v2.0§22.19 table 22-24. Request 4 or 5 bytes, response none. */
export const closeSession: Command<CloseSessionRequest, NoData> = {
  name: 'Close Session',
  netFn: 'app',
  code: 0x3c,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const sessionId = reader.u32();
      if (sessionId !== 0 || reader.remaining === 0) {
        reader.end();
        return { sessionId };
      }
      const sessionHandle = reader.u8();
      reader.end();
      return { sessionId, sessionHandle };
    },
    encode: ({ sessionId, sessionHandle }) =>
      sessionHandle === undefined
        ? new ByteWriter(4).u32(sessionId).bytes
        : new ByteWriter(5).u32(sessionId).u8(sessionHandle).bytes,
  },
  response: noData,
};
