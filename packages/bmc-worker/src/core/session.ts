import type { CipherSuiteId, PrivilegeLevel, RakpExchange, SessionSecurity } from '@vbmc/ipmi-codec';
import type { RemoteAddress } from './remote-address.ts';
import { RequestCache } from './request-cache.ts';
import { newSequenceWindow } from './sequence-window.ts';
import type { Claim } from './user-directory.ts';
import { sourceOf } from './source.ts';
import type { User } from './user.ts';

/** How far a session has come: after Open Session, after RAKP Message 2, after RAKP Message 4. */
export type SessionPhase = 'opened' | 'challenged' | 'active';

/** One RMCP+ session, from Open Session Request to its end. */
export class Session {
  /** Changed by the session table alone. */
  phase: SessionPhase = 'opened';
  /** Whom it is counted for: who opened it, as `sourceOf` says. */
  readonly source: string;
  readonly managedSystemSessionId: number;
  readonly remoteConsoleSessionId: number;
  readonly cipherSuiteId: CipherSuiteId;
  /** 4 bits from Open Session Request; 0: as high as the user may. */
  readonly requestedMaximumPrivilegeLevel: number;
  /** R_C, made once, so that a retransmitted RAKP Message 1 gets the same answer. */
  readonly managedSystemRandomNumber: Uint8Array;
  /** The last authentic packet, or the begin of the handshake. */
  lastActivityAt: number;
  lastSource: RemoteAddress;
  /** When RAKP Message 4 made it active; undefined before. */
  activeSince: number | undefined;

  /** The same user of the same source has logged in since: if this handshake comes to nothing, packets were lost. */
  outlivedBySuccess = false;

  /** Present from RAKP Message 1 until the first packet of the active session. */
  exchange: RakpExchange | undefined;
  /** Whom it claims to be: present from RAKP Message 1 on, proved once active. */
  claim: Claim | undefined;
  /** Highest level this session may be raised to: the user's limit, or what RAKP Message 1 asked for if lower. */
  privilegeLimit: PrivilegeLevel = 'callback';
  /** Level in force. */
  privilegeLevel: PrivilegeLevel = 'callback';
  /** Present once active. */
  security: SessionSecurity | undefined;
  readonly inbound = newSequenceWindow();
  outboundSequenceNumber = 0;
  readonly requests = new RequestCache();

  constructor(opened: {
    readonly managedSystemSessionId: number;
    readonly remoteConsoleSessionId: number;
    readonly cipherSuiteId: CipherSuiteId;
    readonly requestedMaximumPrivilegeLevel: number;
    readonly managedSystemRandomNumber: Uint8Array;
    readonly source: RemoteAddress;
    readonly now: number;
  }) {
    this.managedSystemSessionId = opened.managedSystemSessionId;
    this.remoteConsoleSessionId = opened.remoteConsoleSessionId;
    this.cipherSuiteId = opened.cipherSuiteId;
    this.requestedMaximumPrivilegeLevel = opened.requestedMaximumPrivilegeLevel;
    this.managedSystemRandomNumber = opened.managedSystemRandomNumber;
    this.source = sourceOf(opened.source.address);
    this.lastSource = opened.source;
    this.lastActivityAt = opened.now;
  }

  /** The user that it claims to be; once active, the one that it is. */
  get user(): User | undefined {
    return this.claim?.user;
  }

  /** The next outbound session sequence number: 1 to FFFFFFFFh, never 0 (v2.0§6.12.12). */
  nextOutboundSequenceNumber(): number {
    this.outboundSequenceNumber = (this.outboundSequenceNumber + 1) >>> 0 || 1;
    return this.outboundSequenceNumber;
  }
}
