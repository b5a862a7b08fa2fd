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

/** An IPMI 1.5 session, from Get Session Challenge on. The temporary session id stays the id of the active session. */
export class SessionV15 extends Session {
  readonly cipherSuiteId = undefined;
  /** At most 16 bytes. */
  readonly userName: Uint8Array;
  /** Holds the password that the remote console has to prove, or a decoy's. */
  readonly security: SessionSecurityV15;
  /** 16 bytes. */
  readonly challenge: Uint8Array;
  /** The answer to Activate Session. Kept until the first packet after it, because the answer may have been lost. */
  activation: ActivatedSession | undefined;

  constructor(opening: SessionV15Opening) {
    super(opening);
    this.userName = opening.userName;
    this.claim = opening.claim;
    this.security = opening.security;
    this.challenge = opening.challenge;
  }

  /** Whether this IPMI message is an Activate Session with the challenge of this session. Raises `DecodeError`. */
  isActivatedBy(payload: Uint8Array): boolean {
    const { netFn: fn, command, data } = decodeIpmiMessage(payload);
    if (fn !== netFn[activateSession.netFn] || command !== activateSession.code) return false;
    return codesEqual(activateSession.request.decode(data).challenge, this.challenge);
  }

  /** In IPMI 1.5 the BMC chooses where the inbound numbers begin. */
  override expectInboundFrom(first: number): void {
    super.expectInboundFrom(first);
  }

  /** In IPMI 1.5 the remote console chooses where the outbound numbers begin. */
  override numberOutboundFrom(first: number): void {
    super.numberOutboundFrom(first);
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
