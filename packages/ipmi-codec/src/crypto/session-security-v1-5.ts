import { createHash } from 'node:crypto';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { encodeRmcpPacket } from '../wire/rmcp-header.ts';
import { encodeSessionPacketV15, type SessionPacketV15 } from '../wire/session-header-v1-5.ts';
import { codesEqual } from './rakp.ts';

/** A password has at most 16 bytes in IPMI 1.5; shorter ones are filled up with zeros (v2.0§22.17.1). */
export const MAXIMUM_PASSWORD_LENGTH_V15 = 16;

/** A payload on its way out of an IPMI 1.5 session. */
export type OutboundPayloadV15 = Pick<SessionPacketV15, 'sessionId' | 'sessionSequenceNumber' | 'payload'>;

/** What secures the packets of one IPMI 1.5 session: per-message authentication by MD5. The password has no printable form. */
export class SessionSecurityV15 {
  readonly #password = new Uint8Array(MAXIMUM_PASSWORD_LENGTH_V15);

  /** `password` has at most 16 bytes. */
  constructor(password: Uint8Array) {
    this.#password.set(password);
  }

  /** The whole datagram, RMCP header included. */
  seal({ sessionId, sessionSequenceNumber, payload }: OutboundPayloadV15): Uint8Array {
    const authCode = this.#authCode(sessionId, sessionSequenceNumber, payload);
    const body = encodeSessionPacketV15({
      authenticationType: 'md5',
      sessionId,
      sessionSequenceNumber,
      authCode,
      payload,
    });
    return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
  }

  /** The payload of a packet that is authenticated with this password; `undefined` of any other. */
  open(packet: SessionPacketV15): Uint8Array | undefined {
    const { authenticationType, sessionId, sessionSequenceNumber, authCode, payload } = packet;
    if (authenticationType !== 'md5') return undefined;
    return codesEqual(this.#authCode(sessionId, sessionSequenceNumber, payload), authCode)
      ? payload
      : undefined;
  }

  /** MD5(password ‖ session id ‖ payload ‖ session sequence number ‖ password) (v2.0§22.17.1) */
  #authCode(sessionId: number, sessionSequenceNumber: number, payload: Uint8Array): Uint8Array {
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
