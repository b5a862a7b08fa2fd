import type { FieldRule, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import { describeEvent, factsOf } from '#supervisor/status/event-text.ts';
import { printable } from '#supervisor/text/printable.ts';
import { MAXIMUM_LIST_LENGTH, readWorkerMessage, Refused } from '#supervisor/worker/worker-message.ts';
import { hostileValues, messageTypes, validMessage } from '#support/hostile/worker-lines.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';

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
        ...{ id: '1-a', user: 'u', source: 's', privilege: 'user', privilegeLimit: 'operator' },
        ...{ cipherSuiteId: null, ageMs: 1, idleMs: 1 },
      },
    ],
    lockedOut: [{ user: 'u', source: 's', failures: 10, remainingMs: 1 }],
    ...noFigures,
  },
  { type: 'sessionEnded', requestId: 1 },
  { type: 'sessionEnded', requestId: 1, user: 'u', source: 's' },
  { type: 'loginFailures', failures: [{ source: 's', failures: 3 }] },
  { type: 'events', events: [{ kind: 'domainUnreadable', failure: { kind: 'virshMissing', message: 'm' } }] },
];

test.each(good)('accepts %j', (message) => {
  expect(readWorkerMessage(message)).toEqual(message);
});

test.each([
  [undefined, 'the message is missing'],
  [null, 'the message is null'],
  ['ready', 'the message is "ready"'],
  [5, 'the message is 5'],
  [[], 'the message is a list of 0'],
  [{}, 'type is missing'],
  [{ type: 'toString' }, 'type is "toString"'],
  [{ type: {} }, 'type is an object'],
  [{ type: 'ready', address: '::' }, 'ready.port is missing'],
  [{ type: 'ready', address: '::', port: 65_536 }, 'ready.port is 65536'],
  [{ type: 'powerState', requestId: 1, failure: 5 }, 'powerState.failure is 5'],
  [{ type: 'powerState', requestId: 1, ageMs: Infinity }, 'powerState.ageMs is Infinity'],
  [{ type: 'pong', requestId: 1, ...noFigures, lockouts: 0.5 }, 'pong.lockouts is 0.5'],
  [{ type: 'virshCall', verb: 'start', durationMs: -5, outcome: 'ok' }, 'virshCall.durationMs is -5'],
  [{ type: 'events', events: [null] }, 'events.events.0 is null'],
  [{ type: 'events', events: [{ kind: '__proto__' }] }, 'events.events.0.kind is "__proto__"'],
  [{ type: 'events', events: { length: 1 } }, 'events.events is an object'],
  [
    { type: 'events', events: new Array(MAXIMUM_LIST_LENGTH + 1).fill(null) },
    `events.events is a list of ${MAXIMUM_LIST_LENGTH + 1}`,
  ],
  [
    { type: 'events', events: [{ kind: 'domainUnreadable', failure: { kind: 'x', message: 'm' } }] },
    'events.events.0.domainUnreadable.failure.kind is "x"',
  ],
  [
    { type: 'virshCall', verb: `\n${'x'.repeat(300)}`, durationMs: 1, outcome: 'ok' },
    /^virshCall.verb is "\\u000ax+\.\.\."$/,
  ],
])('refuses %j', (message, why) => {
  const refused = readWorkerMessage(message);
  expect(refused).toBeInstanceOf(Refused);
  expect((refused as Refused).why).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
});

test('what no table names is left out, a prototype included', () => {
  const message = JSON.parse(
    '{"type":"ready","address":"::","port":1,"extra":1,"__proto__":{"polluted":true},"constructor":1}',
  ) as object;
  const read = readWorkerMessage(message);
  expect(Object.keys(read)).toEqual(['type', 'address', 'port']);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect('polluted' in read).toBe(false);
});

/** Whether the JSON is valid under the rule. Written apart from the reader, which it judges. */
function isValid(json: string, rule: FieldRule): boolean {
  const value: unknown = JSON.parse(json);
  if (typeof rule !== 'string') {
    if ('oneOf' in rule) return typeof value === 'string' && rule.oneOf.includes(value);
    if ('optional' in rule) return isValid(json, rule.optional);
    if ('nullable' in rule) return value === null || isValid(json, rule.nullable);
    // Of all hostile values, only a list without entries is one of records.
    return !('record' in rule) && json === '[]';
  }
  if (rule === 'flag') return value === true;
  if (rule === 'text') return typeof value === 'string' && value.length <= 4_096;
  if (rule === 'shortText') return typeof value === 'string' && value.length <= 256;
  if (typeof value !== 'number' || value < 0) return false;
  if (rule === 'milliseconds') return value <= 3.2e12;
  const most = { count: Number.MAX_SAFE_INTEGER, octet: 255, port: 65_535 }[rule];
  return Number.isInteger(value) && value <= most;
}

/** Every text and number in a value, however deep. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

function expectHarmless(message: WorkerMessage): void {
  for (const value of leaves(message)) {
    if (typeof value === 'string') {
      expect(printable(value, Infinity)).toBe(value);
      expect(value.length).toBeLessThan(5_000);
    }
    if (typeof value === 'number') expect(value >= 0 && value <= Number.MAX_SAFE_INTEGER).toBe(true);
  }
  for (const event of message.type === 'events' ? message.events : []) {
    expect(describeEvent(event).message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(Object.values(factsOf(event)).join()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
}

describe.each(messageTypes)('%s', (type) => {
  test('is accepted with any valid values', () => {
    for (let choice = 0; choice < 12; choice += 1) {
      const read = readWorkerMessage(JSON.parse(validMessage(type, (count) => choice % count).text));
      if (read instanceof Refused) throw new Error(read.why);
      expectHarmless(read);
    }
  });
});

const replaceable = messageTypes.flatMap((type) =>
  validMessage(type).places.map((place) => [type, place.path, place] as const),
);
test.each(replaceable)('%s with %s replaced', (_type, _path, place) => {
  for (const json of hostileValues) {
    const read = readWorkerMessage(JSON.parse(place.text(json)));
    expect([json.slice(0, 40), !(read instanceof Refused)]).toEqual([
      json.slice(0, 40),
      isValid(json, place.rule),
    ]);
    if (read instanceof Refused) expect(read.why).toMatch(/^[^\p{Cc}\p{Cf}]{1,400}$/u);
    else expectHarmless(read);
  }
});
