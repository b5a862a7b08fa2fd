import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** Byte 2, bits 1:0, by value. */
export const passwordOperations = ['disableUser', 'enableUser', 'setPassword', 'testPassword'] as const;
export type PasswordOperation = (typeof passwordOperations)[number];

export type PasswordSize = 16 | 20;

export type SetUserPasswordRequest = {
  /** 6 bits. */
  readonly userId: number;
  /** Byte 1, bit 7: the password has 20 bytes, and not 16. */
  readonly passwordSize: PasswordSize;
} & (
  | { readonly operation: 'disableUser' | 'enableUser' }
  /** 16 or 20 bytes, padded with zeros; zeros only: no password. */
  | { readonly operation: 'setPassword' | 'testPassword'; readonly password: Uint8Array }
);

/**
 * v2.0§22.30 table 22-35. Request 18 or 22 bytes, response none. To enable or disable a user FreeIPMI sends 2 bytes, and ipmitool
 * 16 zeros after them: the password is not looked at.
 */
export const setUserPassword: Command<SetUserPasswordRequest, NoData> = {
  name: 'Set User Password',
  netFn: 'app',
  code: 0x47,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const user = reader.u8();
      const operation = passwordOperations[reader.u8() & 0x03] ?? 'testPassword';
      const passwordSize = bit(user, 7) ? 20 : 16;
      const common = { userId: user & 0x3f, passwordSize } as const;
      if (operation === 'disableUser' || operation === 'enableUser') {
        if (reader.remaining > 0) reader.skip(passwordSize);
        reader.end();
        return { ...common, operation };
      }
      const password = reader.take(passwordSize);
      reader.end();
      return { ...common, operation, password };
    },
    encode: (request) => {
      const { userId, passwordSize, operation } = request;
      const password = 'password' in request ? request.password : new Uint8Array(0);
      return new ByteWriter(2 + password.length)
        .u8(flag(passwordSize === 20, 7) | userId)
        .u8(passwordOperations.indexOf(operation))
        .put(password).bytes;
    },
  },
  response: noData,
};
