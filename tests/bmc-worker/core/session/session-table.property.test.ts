import fc from 'fast-check';
import { limits } from '#worker/core/terms/limits.ts';
import { SessionTable } from '#worker/core/session/session-table.ts';
import type { Session } from '#worker/core/session/session.ts';
import { SessionV20 } from '#worker/core/session/session-v2-0.ts';
import { seededBytes } from '#support/seeded-random.ts';

type Step =
  | { readonly kind: 'add'; readonly source: number; readonly times: number }
  | { readonly kind: 'challenge' | 'activate' | 'use' | 'remove'; readonly which: number }
  | { readonly kind: 'expire'; readonly ms: number };

const which = fc.nat(2_000);
/** A few sources with many sessions, and many with one. */
const source = fc.oneof(fc.nat(4), fc.nat(2_000));
const times = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('add' as const), source, times }), weight: 6 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('challenge' as const, 'activate' as const, 'use' as const),
      which,
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ kind: fc.constant('remove' as const), which }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('expire' as const), ms: fc.nat(15_000) }), weight: 1 },
);

let lastId = 0;
function opened(from: number, now: number): Session {
  return new SessionV20({
    managedSystemSessionId: ++lastId,
    remoteConsoleSessionId: 1,
    cipherSuiteId: 17,
    requestedMaximumPrivilegeLevel: 0,
    managedSystemRandomNumber: new Uint8Array(16),
    source: { address: `source ${from}`, port: 1 },
    now,
  });
}

function hasPlace(table: SessionTable, { source: from }: Session): boolean {
  return table.placeFor({ source: from, level: 'administrator' }) === 'free';
}

/** The sessions that may be evicted for one more of `source` in `phase`, found by counting. */
function evictionCandidates(
  known: readonly Session[],
  phase: 'opened' | 'challenged',
  from: string,
): Session[] {
  const { total, perSource } = limits.handshakes[phase];
  const held = known.filter((session) => session.phase === phase);
  const counts = new Map<string, number>();
  for (const session of held) counts.set(session.source, (counts.get(session.source) ?? 0) + 1);
  if ((counts.get(from) ?? 0) >= perSource) return held.filter((session) => session.source === from);
  if (held.length < total) return [];
  const most = Math.max(...counts.values());
  return held.filter((session) => counts.get(session.source) === most);
}

test('the session table stays within its bounds and evicts only from the largest source, never an active session', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const table = new SessionTable(seededBytes(steps.length));
      let known: Session[] = [];
      let now = 0;
      const check = (before: readonly Session[], candidates: readonly Session[]): void => {
        const gone = before.filter((session) => table.get(session.managedSystemSessionId) !== session);
        expect(gone).toHaveLength(Math.min(1, candidates.length));
        expect(gone.every((session) => candidates.includes(session))).toBe(true);
        // It is of the older half of its source, because all are of one client.
        const ofSource = candidates.filter((session) => session.source === gone[0]?.source);
        if (gone[0]?.phase === 'opened')
          expect(ofSource.indexOf(gone[0])).toBeLessThan(Math.ceil(ofSource.length / 2));
        known = known.filter((session) => !gone.includes(session));
      };
      for (const one of steps) {
        now += 7;
        const chosen = 'which' in one ? known[one.which % Math.max(1, known.length)] : undefined;
        switch (one.kind) {
          case 'add':
            for (let more = 0; more < one.times; more += 1) {
              const session = opened(one.source, now);
              const candidates = evictionCandidates(known, 'opened', session.source);
              const before = known;
              known = [...known, session];
              table.add(session);
              check(before, candidates);
            }
            break;
          case 'challenge': {
            if (chosen?.phase !== 'opened') break;
            const candidates = evictionCandidates(known, 'challenged', chosen.source);
            table.challenge(chosen);
            check(known, candidates);
            break;
          }
          case 'activate':
            if (chosen?.phase === 'challenged' && hasPlace(table, chosen)) table.activate(chosen);
            break;
          case 'use':
            if (chosen?.phase === 'active') chosen.accept(1, chosen.lastSource, now);
            break;
          case 'remove':
            if (chosen) table.remove(chosen);
            known = known.filter((other) => other !== chosen);
            break;
          case 'expire': {
            now += one.ms;
            const isOver = (session: Session): boolean =>
              now - session.lastActivityAt >= (session.phase === 'active' ? 60_000 : limits.handshakeMs);
            expect(table.expire(now)).toEqual(known.filter(isOver));
            known = known.filter((session) => !isOver(session));
          }
        }
        expect(table.size).toBe(known.length);
        for (const phase of ['opened', 'challenged', 'active'] as const)
          expect(table.sizeOf(phase)).toBe(known.filter((session) => session.phase === phase).length);
        expect(table.sizeOf('opened')).toBeLessThanOrEqual(limits.handshakes.opened.total);
        expect(table.sizeOf('challenged')).toBeLessThanOrEqual(limits.handshakes.challenged.total);
        expect(table.sizeOf('active')).toBeLessThanOrEqual(limits.sessions);
      }
    }),
    { numRuns: 25 },
  );
});
