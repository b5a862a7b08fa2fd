import fc from 'fast-check';
import type { WorkerMessage } from '#worker/ipc/protocol.ts';
import { describeEvent } from '#supervisor/status/event-text.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';
import { readWorkerMessage } from '#supervisor/worker/worker-message.ts';

const good: WorkerMessage[] = [
  { type: 'ready', address: '::', port: 623 },
  { type: 'bindFailed', code: 'EADDRINUSE', message: 'in use' },
  { type: 'powerState', requestId: 1, domainState: 'shutOff', power: 'off' },
  { type: 'powerState', requestId: 1, failure: 'no domain' },
  { type: 'events', events: [{ kind: 'sessionClosed', source: 's', user: 'u', cause: 'closed' }] },
  { type: 'events', events: [{ kind: 'loginAbandoned', source: 's', user: 'u' }] },
  { type: 'usersUpdated', requestId: 1, endedSessions: 0 },
  { type: 'pong', requestId: 1, ...noFigures },
  { type: 'virshCall', verb: 'start', durationMs: 1, outcome: 'ok' },
  { type: 'description', requestId: 1, sessions: [], lockedOut: [], ...noFigures },
  {
    type: 'description',
    requestId: 1,
    sessions: [
      {
        ...{ user: 'u', source: 's', privilege: 'user', privilegeLimit: 'operator' },
        ...{ cipherSuiteId: 17, ageMs: 1, idleMs: 1 },
      },
    ],
    lockedOut: [{ user: 'u', source: 's', failures: 10, remainingMs: 1 }],
    ...noFigures,
  },
  { type: 'events', events: [{ kind: 'domainUnreadable', failure: { kind: 'virshMissing', message: 'm' } }] },
];

test.each(good)('accepts %j', (message) => {
  expect(readWorkerMessage(message)).toBe(message);
});

test.each([
  undefined,
  null,
  'ready',
  {},
  { type: 'toString' },
  { type: 'ready', address: '::' },
  { type: 'powerState', requestId: '1' },
  { type: 'powerState', requestId: 1, domainState: 'exploded' },
  { type: 'powerState', requestId: 1, power: 'maybe' },
  { type: 'events' },
  { type: 'events', events: { kind: 'loginAbandoned', source: 's', user: 'u' } },
  { type: 'events', events: [{ kind: 'loginAbandoned', source: 's', user: 'u' }, null] },
  { type: 'pong', requestId: 1 },
  { type: 'pong', requestId: 1, ...noFigures, lockouts: '1' },
  { type: 'virshCall', verb: 'start', durationMs: 1, outcome: 'splendid' },
  { type: 'description', requestId: 1, sessions: {}, lockedOut: [], ...noFigures },
  { type: 'description', requestId: 1, sessions: [] },
  { type: 'description', requestId: 1, sessions: [], lockedOut: [{ user: 'u' }], ...noFigures },
  { type: 'description', requestId: 1, sessions: [{ user: 'u' }], lockedOut: [], ...noFigures },
  { type: 'events', events: [null] },
  { type: 'events', events: [{ kind: '__proto__' }] },
  { type: 'events', events: [{ kind: 'sessionClosed', source: 's', user: 'u', cause: 'x' }] },
  { type: 'events', events: [{ kind: 'domainUnreadable' }] },
  { type: 'events', events: [{ kind: 'domainUnreadable', failure: null }] },
  { type: 'events', events: [{ kind: 'domainUnreadable', failure: { kind: 'x' } }] },
  { type: 'events', events: [{ kind: 'domainUnreadable', failure: { kind: 'x', message: 'm' } }] },
  { type: 'events', events: [{ kind: 'loginAbandoned', source: 's', user: 'u', unknownUser: 'yes' }] },
  { type: 'events', events: [{ kind: 'loginAbandoned', source: 's', user: 'u', omitted: -1 }] },
  { type: 'events', events: [{ kind: 'sessionOpened', source: 's', user: 'u', privilege: 'root' }] },
  { type: 'powerState', requestId: 1, failure: {} },
  { type: 'powerState', requestId: 1, ageMs: Infinity },
  { type: 'powerState', requestId: 1, ageMs: -1 },
  { type: 'ready', address: '::', port: 65_536 },
  { type: 'virshCall', verb: 'start', durationMs: NaN, outcome: 'ok' },
  { type: 'pong', requestId: 1, ...noFigures, lockouts: 0.5 },
])('rejects %j', (message) => {
  expect(readWorkerMessage(message)).toBeUndefined();
});

test('every accepted event can be logged', () => {
  const field = fc.oneof(fc.string(), fc.double(), fc.constantFrom('closed', 'user', null, undefined, {}));
  const event = fc.record(
    {
      kind: fc.constantFrom(
        'sessionOpened',
        'sessionClosed',
        'sessionRefused',
        'domainActionFinished',
        'domainUnreadable',
      ),
      ...Object.fromEntries(
        [
          'source',
          'user',
          'cause',
          'status',
          'reason',
          'action',
          'description',
          'durationMs',
          'failure',
          'late',
          'privilege',
          'cipherSuiteId',
        ].map((name) => [name, field]),
      ),
    },
    { requiredKeys: ['kind'] },
  );
  fc.assert(
    fc.property(event, (value) => {
      const message = readWorkerMessage({ type: 'events', events: [value] });
      for (const event of message?.type === 'events' ? message.events : [])
        expect(typeof describeEvent(event).message).toBe('string');
    }),
  );
});
