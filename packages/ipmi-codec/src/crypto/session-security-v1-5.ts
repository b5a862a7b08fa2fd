import { createHash } from 'node:crypto';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** A password has at most 16 bytes in IPMI 1.5; shorter ones are padded with zeros (v2.0§22.17.1). */
export const MAXIMUM_PASSWORD_LENGTH_V15 = 16;

/** The secret of one IPMI 1.5 session: every packet is authenticated by MD5. The password has no printable form. */
export class SessionSecurityV15 {
  readonly #password = new Uint8Array(MAXIMUM_PASSWORD_LENGTH_V15);

  /** `password` has at most 16 bytes. */
  constructor(password: Uint8Array) {
    this.#password.set(password);
  }

  /** MD5(password ‖ session id ‖ payload ‖ session sequence number ‖ password) (v2.0§22.17.1) */
  authCode(sessionId: number, sessionSequenceNumber: number, payload: Uint8Array): Uint8Array {
    const u32 = (value: number): Uint8Array => new ByteWriter(4).u32(value).bytes;
    return createHash('md5')
      .update(this.#password)
      .update(u32(sessionId))
      .update(payload)
      .update(u32(sessionSequenceNumber))
      .update(this.#password)
      .digest();
  }
}
