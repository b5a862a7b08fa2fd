/** What kinds of events share room in the ring: those whose rate the same clients decide. Pure. */

/** What happened, and logins of users, guesses at passwords, refusals to strangers. */
export const eventClasses = ['changes', 'sessions', 'guesses', 'refusals'] as const;
export type EventClass = (typeof eventClasses)[number];

const classOfKind: ReadonlyMap<string, EventClass> = new Map<string, EventClass>([
  ['sessionOpened', 'sessions'],
  ['sessionClosed', 'sessions'],
  // What a worker leaves out first is about sessions.
  ['reportsLost', 'sessions'],
  ['loginAbandoned', 'guesses'],
  ['loginLockedOut', 'guesses'],
  ['guessingSeen', 'guesses'],
  ['sessionRefused', 'refusals'],
]);

/** Power, boot, crash, configuration and all others are changes. */
export function eventClassOf(kind: string): EventClass {
  return classOfKind.get(kind) ?? 'changes';
}

/** How many events of a class are kept. */
export const keptEvents: Readonly<Record<EventClass, number>> = {
  changes: 1_000,
  sessions: 500,
  guesses: 500,
  refusals: 500,
};
