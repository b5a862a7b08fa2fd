import type { SessionDescription } from '../terms/bmc-description.ts';
import { remoteAddressText } from '../terms/remote-address.ts';
import type { Session } from './session.ts';

/** Undefined for a session that is not active yet. */
export function describeSession(session: Session, now: number): SessionDescription | undefined {
  if (session.phase !== 'active' || session.activeSince === undefined) return undefined;
  return {
    id: sessionLabel(session),
    user: session.user?.displayName ?? '',
    source: remoteAddressText(session.lastSource),
    privilege: session.privilegeLevel,
    privilegeLimit: session.privilegeLimit,
    cipherSuiteId: session.cipherSuiteId ?? null,
    ageMs: now - session.activeSince,
    idleMs: now - session.lastActivityAt,
  };
}

/**
 * Names an active session for the operator: its handle, which a later session may have too, and when it became active. The
 * session id, which packets are found by, is nobody's business.
 */
export function sessionLabel({ handle, activeSince = 0 }: Session): string {
  return `${handle}-${Math.floor(activeSince).toString(36)}`;
}
