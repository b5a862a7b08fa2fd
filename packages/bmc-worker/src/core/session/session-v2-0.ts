import {
  INITIALIZATION_VECTOR_LENGTH,
  sealSessionPacketV20,
  type CipherSuiteId,
  type RakpExchange,
  type SessionSecurityV20,
} from '@vbmc/ipmi-codec';
import type { RandomBytes } from '../terms/random-bytes.ts';
import { Session, type SessionOpening } from './session.ts';

export interface SessionV20Opening extends SessionOpening {
  readonly remoteConsoleSessionId: number;
  readonly cipherSuiteId: CipherSuiteId;
  readonly requestedMaximumPrivilegeLevel: number;
  readonly managedSystemRandomNumber: Uint8Array;
}

/** An IPMI 2.0 (RMCP+) session, from Open Session Request on. */
export class SessionV20 extends Session {
  readonly remoteConsoleSessionId: number;
  readonly cipherSuiteId: CipherSuiteId;
  /** 4 bits from Open Session Request; 0 asks for the highest level that the user may have. */
  readonly requestedMaximumPrivilegeLevel: number;
  /** R_C, drawn once per session, so that a retransmitted RAKP Message 1 gets the same answer. */
  readonly managedSystemRandomNumber: Uint8Array;
  /** Present from RAKP Message 1 until the first packet of the active session. */
  exchange: RakpExchange | undefined;
  /**
   * Set when the same user logged in from the same address and port during this handshake. If this handshake then times
   * out, it lost packets; it is not counted as a failed login.
   */
  userLoggedInSince = false;
  /** Present once the session is active. */
  security: SessionSecurityV20 | undefined;

  constructor(opening: SessionV20Opening) {
    super(opening);
    this.remoteConsoleSessionId = opening.remoteConsoleSessionId;
    this.cipherSuiteId = opening.cipherSuiteId;
    this.requestedMaximumPrivilegeLevel = opening.requestedMaximumPrivilegeLevel;
    this.managedSystemRandomNumber = opening.managedSystemRandomNumber;
  }

  override end(): void {
    this.security?.end();
    this.security = undefined;
  }

  override seal(payload: Uint8Array, random: RandomBytes): Uint8Array | undefined {
    if (this.security === undefined) return undefined;
    const outbound = {
      payloadType: 'ipmiMessage',
      sessionId: this.remoteConsoleSessionId,
      sessionSequenceNumber: this.nextOutboundSequenceNumber(),
      payload,
    } as const;
    return sealSessionPacketV20(this.security, outbound, random(INITIALIZATION_VECTOR_LENGTH));
  }
}
