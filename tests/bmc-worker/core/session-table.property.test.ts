import fc from 'fast-check';
import { limits } from '../../../packages/bmc-worker/src/core/limits.ts';
import { SessionTable } from '../../../packages/bmc-worker/src/core/session-table.ts';
import { Session } from '../../../packages/bmc-worker/src/core/session.ts';

type Step =
  | { readonly kind: 'add' }
  | { readonly kind: 'activate' | 'use' | 'remove'; readonly which: number }
  | { readonly kind: 'expire'; readonly ms: number };

const which = fc.nat(200);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.constant({ kind: 'add' } as const), weight: 6 },
  { arbitrary: fc.record({ kind: fc.constantFrom('activate' as const, 'use' as const), which }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('remove' as const), which }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('expire' as const), ms: fc.nat(15_000) }), weight: 1 },
);

test('the session table stays within its bounds, evicts only half-open sessions, and the oldest first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = new SessionTable();
      let known: Session[] = [];
      let now = 0;
      let lastId = 0;
      for (const one of steps) {
        now += 7;
        const chosen = 'which' in one ? known[one.which % Math.max(1, known.length)] : undefined;
        switch (one.kind) {
          case 'add': {
            const halfOpen = known.filter(({ phase }) => phase !== 'active');
            const isFull = known.length >= limits.sessions;
            expect(table.hasRoom()).toBe(!isFull || halfOpen.length > 0);
            if (!table.hasRoom()) break;
            const session = new Session({
              managedSystemSessionId: ++lastId,
              remoteConsoleSessionId: 1,
              cipherSuiteId: 17,
              requestedMaximumPrivilegeLevel: 0,
              managedSystemRandomNumber: new Uint8Array(16),
              source: { address: '192.0.2.7', port: 1 },
              now,
            });
            const evicted = table.add(session);
            expect(evicted).toBe(isFull ? halfOpen[0] : undefined);
            known = [...known.filter((other) => other !== evicted), session];
            break;
          }
          case 'activate':
            if (chosen) chosen.phase = 'active';
            break;
          case 'use':
            if (chosen?.phase === 'active') chosen.lastActivityAt = now;
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
        expect(table.size).toBeLessThanOrEqual(limits.sessions);
        for (const session of known) expect(table.get(session.managedSystemSessionId)).toBe(session);
      }
    }),
    { numRuns: 60 },
  );
});
