import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command, DataCodec } from '../command.ts';

export interface SessionPrivilegeLevel {
  /** 4 bits. 0 in a request asks for the current level. */
  readonly privilegeLevel: number;
}

const oneByte: DataCodec<SessionPrivilegeLevel> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const privilegeLevel = reader.u8() & 0x0f;
    reader.end();
    return { privilegeLevel };
  },
  encode: ({ privilegeLevel }) => new ByteWriter(1).u8(privilegeLevel).bytes,
};

/** v2.0§22.18 table 22-23. Request 1 byte, response 1. */
export const setSessionPrivilegeLevel: Command<SessionPrivilegeLevel, SessionPrivilegeLevel> = {
  name: 'Set Session Privilege Level',
  netFn: 'app',
  code: 0x3b,
  request: oneByte,
  response: oneByte,
};
