import {
  activateSession,
  codesEqual,
  decodeIpmiMessage,
  netFn,
  sealSessionPacketV15,
  type ActivatedSession,
  type SessionSecurityV15,
} from '@vbmc/ipmi-codec';
import { Session, type SessionOpening } from './session.ts';
import type { Claim } from './user-directory.ts';

export interface SessionV15Opening extends SessionOpening {
  readonly userName: Uint8Array;
  readonly claim: Claim;
  readonly security: SessionSecurityV15;
  readonly challenge: Uint8Array;
}

/** An IPMI 1.5 session, from Get Session Challenge on. Its temporary session id stays the one that it has. */
export class SessionV15 extends Session {
  readonly cipherSuiteId = undefined;
  /** At most 16 bytes. */
  readonly userName: Uint8Array;
  /** Made of the password that is to be proved, or of a decoy. */
  readonly security: SessionSecurityV15;
  /** 16 bytes. */
  readonly challenge: Uint8Array;
  /** What Activate Session was answered, until the first packet after it: that answer may have been lost. */
  activation: ActivatedSession | undefined;

  constructor(opening: SessionV15Opening) {
    super(opening);
    this.userName = opening.userName;
    this.claim = opening.claim;
    this.security = opening.security;
    this.challenge = opening.challenge;
  }

  /** Whether this IPMI message is an Activate Session with the challenge that was given for this session. Raises `DecodeError`. */
  isActivatedBy(payload: Uint8Array): boolean {
    const { netFn: fn, command, data } = decodeIpmiMessage(payload);
    if (fn !== netFn[activateSession.netFn] || command !== activateSession.code) return false;
    return codesEqual(activateSession.request.decode(data).challenge, this.challenge);
  }

  override end(): void {
    this.activation = undefined;
  }

  override seal(payload: Uint8Array): Uint8Array {
    return sealSessionPacketV15(this.security, {
      sessionId: this.managedSystemSessionId,
      sessionSequenceNumber: this.nextOutboundSequenceNumber(),
      payload,
    });
  }
}
