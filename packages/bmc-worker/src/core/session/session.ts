import { lowerPrivilege, type CipherSuiteId, type PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { CloseCause } from '../terms/bmc-event.ts';
import type { RandomBytes } from '../terms/random-bytes.ts';
import type { RemoteAddress } from '../terms/remote-address.ts';
import { RequestCache } from './request-cache.ts';
import { isFresh, markSeen, newSequenceWindow, type SequenceWindow } from './sequence-window.ts';
import { originOf, type Origin } from '../terms/source.ts';
import type { Claim } from './user-directory.ts';
import type { User } from './user.ts';

/**
 * How far the login of a session has come. IPMI 2.0: `opened` after Open Session, `challenged` after RAKP Message 2,
 * `active` after RAKP Message 4. IPMI 1.5: `opened` after Get Session Challenge, `active` after Activate Session.
 */
export type SessionPhase = 'opened' | 'challenged' | 'active';

export interface SessionOpening {
  readonly managedSystemSessionId: number;
  readonly source: RemoteAddress;
  readonly now: number;
}

/** One session, from the first message of its login until it ends. The subclasses protect its packets. */
export abstract class Session {
  /** Only the session table writes this field. */
  phase: SessionPhase = 'opened';
  /** Where the client was that opened the session. */
  readonly origin: Origin;
  readonly managedSystemSessionId: number;
  /** Undefined in IPMI 1.5. */
  abstract readonly cipherSuiteId: CipherSuiteId | undefined;
  /** The user named in the login; proved once the session is active. */
  claim: Claim | undefined;
  /** The session's current level; commands that need a higher one are refused. */
  privilegeLevel: PrivilegeLevel = 'callback';
  /** The session's answers by rqSeq, for retransmitted requests. */
  readonly requests = new RequestCache();
  #privilegeLimit: PrivilegeLevel = 'callback';
  #lastActivityAt: number;
  #lastSource: RemoteAddress;
  #activeSince: number | undefined;
  #handle = 0;
  #endsAt = Infinity;
  #endCause: CloseCause = 'timedOut';
  /** Whether a request of it changes its own user, and has no answer yet. */
  changesOwnUser = false;
  #inbound: SequenceWindow = newSequenceWindow();
  #outboundSequenceNumber = 0;

  constructor({ managedSystemSessionId, source, now }: SessionOpening) {
    this.managedSystemSessionId = managedSystemSessionId;
    this.origin = originOf(source);
    this.#lastSource = source;
    this.#lastActivityAt = now;
  }

  /** The datagram that carries an IPMI message to the remote console; undefined while the session has no keys. */
  abstract seal(payload: Uint8Array, random: RandomBytes): Uint8Array | undefined;

  /** Forgets the keys. The session can carry no packet afterwards. */
  abstract end(): void;

  /** Limits per source count the session there. */
  get source(): string {
    return this.origin.source;
  }

  /** The user named in the login; proved once the session is active. */
  get user(): User | undefined {
    return this.claim?.user;
  }

  /**
   * The highest level that this session may be raised to: the lower of the user's limit and what the login asked for.
   */
  get privilegeLimit(): PrivilegeLevel {
    return this.#privilegeLimit;
  }

  /** When the last authentic packet came, or when the login began. */
  get lastActivityAt(): number {
    return this.#lastActivityAt;
  }

  /** The address and port of the last authentic packet; answers go there. */
  get lastSource(): RemoteAddress {
    return this.#lastSource;
  }

  /** When the session became active; undefined before. */
  get activeSince(): number | undefined {
    return this.#activeSince;
  }

  /** Identifies an active session by 1 byte, not 0 (v2.0§22.20). */
  get handle(): number {
    return this.#handle;
  }

  /** When the session ends, however active it is. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** Why it ends then. */
  get endCause(): CloseCause {
    return this.#endCause;
  }

  /** The session ends then at the latest. */
  endBy(at: number, cause: CloseCause): void {
    if (at >= this.#endsAt) return;
    this.#endsAt = at;
    this.#endCause = cause;
  }

  /** Whether a packet with this session sequence number is inside the window and was not received before. */
  isFresh(sessionSequenceNumber: number): boolean {
    return isFresh(this.#inbound, sessionSequenceNumber);
  }

  /** Records an authentic packet whose number `isFresh`. */
  accept(sessionSequenceNumber: number, from: RemoteAddress, now: number): void {
    markSeen(this.#inbound, sessionSequenceNumber);
    this.#lastActivityAt = now;
    this.#lastSource = from;
  }

  /** Sends later answers to this address. */
  answerTo(from: RemoteAddress): void {
    this.#lastSource = from;
  }

  /** A session begins at User level and is raised by Set Session Privilege Level (v2.0§6.8, §22.18). */
  grantPrivilege(limit: PrivilegeLevel): void {
    this.#privilegeLimit = limit;
    this.privilegeLevel = lowerPrivilege('user', limit);
  }

  /** Records that the login succeeded. */
  markActive(handle: number, now: number): void {
    this.#lastActivityAt = now;
    this.#activeSince = now;
    this.#handle = handle;
  }

  /** The first session sequence number that the remote console will send; all before it count as received. */
  protected expectInboundFrom(first: number): void {
    this.#inbound = newSequenceWindow(first);
  }

  /** The first session sequence number that the BMC will send. */
  protected numberOutboundFrom(first: number): void {
    this.#outboundSequenceNumber = (first - 1) >>> 0;
  }

  /** The next outbound session sequence number: 1 to FFFFFFFFh, never 0 (v2.0§6.12.12). */
  protected nextOutboundSequenceNumber(): number {
    this.#outboundSequenceNumber = (this.#outboundSequenceNumber + 1) >>> 0 || 1;
    return this.#outboundSequenceNumber;
  }
}
