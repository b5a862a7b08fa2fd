import type { SessionDescription } from '../terms/bmc-description.ts';
import { remoteAddressText } from '../terms/remote-address.ts';
import type { Session } from './session.ts';

/** Undefined for a session that is not active yet. */
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
