import { privilegeSuffices, type PrivilegeLevel } from '@vbmc/ipmi-codec';
import { limits } from '../terms/limits.ts';
import { privileges } from '../terms/privileges.ts';
import type { Session } from './session.ts';

/** A session that is about to become active. */
export interface Newcomer {
  readonly source: string;
  /** The highest level that it may be raised to. */
  readonly level: PrivilegeLevel;
  /** Undefined before the login names its user. */
  readonly user?: string | undefined;
}

/** Whether there is a place: free, or that of a session that has to end for it. */
export type SessionPlace = 'free' | { readonly ends: Session } | undefined;

/** The place for one more session beside these. Only for an administrator does another one end: the idlest of a lower level. */
export function placeFor(newcomer: Newcomer, active: readonly Session[]): SessionPlace {
  if (hasRoom(newcomer, active)) return 'free';
  if (newcomer.level !== 'administrator') return undefined;
  const lower = active.filter(({ privilegeLimit }) => privilegeLimit !== 'administrator');
  const idlestFirst = [...lower].sort((one, other) => one.lastActivityAt - other.lastActivityAt);
  const ends = idlestFirst.find((gone) =>
    hasRoom(
      newcomer,
      active.filter((session) => session !== gone),
    ),
  );
  return ends && { ends };
}

function hasRoom({ level, source, user }: Newcomer, active: readonly Session[]): boolean {
  const ofUser = active.filter((session) => session.user?.displayName === user);
  const ofSource = active.filter((session) => session.source === source);
  return (
    active.length < limits.sessions &&
    (user === undefined || ofUser.length < limits.sessionsPerUser[level]) &&
    privileges
      .filter((bound) => privilegeSuffices(bound, level))
      .every(
        (bound) =>
          countUpTo(bound, active) < limits.sessionsUpToLevel[bound] &&
          countUpTo(bound, ofSource) < limits.sessionsPerSource[bound],
      )
  );
}

function countUpTo(level: PrivilegeLevel, sessions: readonly Session[]): number {
  return sessions.filter(({ privilegeLimit }) => privilegeSuffices(level, privilegeLimit)).length;
}
