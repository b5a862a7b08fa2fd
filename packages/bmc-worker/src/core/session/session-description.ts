import type { PrivilegeLevel } from '@vbmc/ipmi-codec';
import { remoteAddressText } from '../terms/remote-address.ts';
import type { Session } from './session.ts';

/** What an operator may know about an active session. No key, no session id. Durations in milliseconds. */
export interface SessionDescription {
  readonly user: string;
  /** Where its last packet came from. */
  readonly source: string;
  /** The level in force, and the highest that the session may be raised to. */
  readonly privilege: PrivilegeLevel;
  readonly privilegeLimit: PrivilegeLevel;
  /** `null` for an IPMI 1.5 session. */
  readonly cipherSuiteId: number | null;
  readonly ageMs: number;
  /** Since its last packet. */
  readonly idleMs: number;
}

/** Undefined for a session that is not open yet. */
export function describeSession(session: Session, now: number): SessionDescription | undefined {
  if (session.phase !== 'active' || session.activeSince === undefined) return undefined;
  return {
    user: session.user?.displayName ?? '',
    source: remoteAddressText(session.lastSource),
    privilege: session.privilegeLevel,
    privilegeLimit: session.privilegeLimit,
    cipherSuiteId: session.cipherSuiteId ?? null,
    ageMs: now - session.activeSince,
    idleMs: now - session.lastActivityAt,
  };
}
