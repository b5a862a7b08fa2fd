import type { CipherSuiteId, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { RandomBytes } from '../terms/random-bytes.ts';
import type { RemoteAddress } from '../terms/remote-address.ts';
import { RequestCache } from './request-cache.ts';
import { newSequenceWindow, type SequenceWindow } from './sequence-window.ts';
import { sourceOf } from '../terms/source.ts';
import type { Claim } from './user-directory.ts';
import type { User } from './user.ts';

/**
 * How far a session has come: after Open Session, after RAKP Message 2, after RAKP Message 4; in IPMI 1.5 after
 * Get Session Challenge, and after Activate Session.
 */
export type SessionPhase = 'opened' | 'challenged' | 'active';

export interface SessionOpening {
  readonly managedSystemSessionId: number;
  readonly source: RemoteAddress;
  readonly now: number;
}

/** One session, from its opening to its end; what protects its packets is the subclasses'. */
export abstract class Session {
  /** Changed by the session table alone. */
  phase: SessionPhase = 'opened';
  /** Whom it is counted for: who opened it, as `sourceOf` says. */
  readonly source: string;
  readonly managedSystemSessionId: number;
  /** Undefined in IPMI 1.5. */
  abstract readonly cipherSuiteId: CipherSuiteId | undefined;
  /** The last authentic packet, or the begin of the handshake. */
  lastActivityAt: number;
  lastSource: RemoteAddress;
  /** When it became active; undefined before. */
  activeSince: number | undefined;
  /** 1 byte, not 0, of an active session: a short name for it (v2.0§22.20). */
  handle = 0;

  /** Whom it claims to be; proved once active. */
  claim: Claim | undefined;
  /** Highest level this session may be raised to: the user's limit, or what the login asked for if lower. */
  privilegeLimit: PrivilegeLevel = 'callback';
  /** Level in force. */
  privilegeLevel: PrivilegeLevel = 'callback';
  inbound: SequenceWindow = newSequenceWindow();
  outboundSequenceNumber = 0;
  readonly requests = new RequestCache();

  constructor({ managedSystemSessionId, source, now }: SessionOpening) {
    this.managedSystemSessionId = managedSystemSessionId;
    this.source = sourceOf(source.address);
    this.lastSource = source;
    this.lastActivityAt = now;
  }

  /** The datagram that carries an IPMI message to the remote console; undefined before there are keys for it. */
  abstract seal(payload: Uint8Array, random: RandomBytes): Uint8Array | undefined;

  /** Forgets its keys: it carries no packet any more. */
  abstract end(): void;

  /** The user that it claims to be; once active, the one that it is. */
  get user(): User | undefined {
    return this.claim?.user;
  }

  /** The next outbound session sequence number: 1 to FFFFFFFFh, never 0 (v2.0§6.12.12). */
  protected nextOutboundSequenceNumber(): number {
    this.outboundSequenceNumber = (this.outboundSequenceNumber + 1) >>> 0 || 1;
    return this.outboundSequenceNumber;
  }
}
