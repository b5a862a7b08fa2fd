import type { DomainState, PowerRestorePolicy } from '#worker/ipc/protocol.ts';
import {
  atStart,
  noRecord,
  parseBootId,
  parseRecord,
  renderRecord,
  whenSeen,
  withPolicy,
  wouldBeSecondCopy,
  type RestoreEntry,
  type RestoreRecord,
} from '#supervisor/power-restore/restore-decision.ts';

function entry(
  policy: PowerRestorePolicy,
  wasOn: boolean,
  pending = false,
  migratedAway = false,
): RestoreEntry {
  return { policy, wasOn, pending, migratedAway };
}

function record(bootId: string, one: RestoreEntry): RestoreRecord {
  return {
    bootId,
    bmcs: new Map([['a', one]]),
  };
}

test.each([
  ['alwaysOff', true, false],
  ['alwaysOff', false, false],
  ['previousState', true, true],
  ['previousState', false, false],
  ['alwaysOn', true, true],
  ['alwaysOn', false, true],
] as const)('after a boot of the host: %s, was on: %s, is due: %s', (policy, wasOn, pending) => {
  expect(atStart(record('old', entry(policy, wasOn)), 'new')).toEqual(
    record('new', entry(policy, wasOn, pending)),
  );
});

test('a restart in the same boot changes nothing, and keeps what is still due', () => {
  const kept = record('same', entry('alwaysOn', false, true));
  expect(atStart(kept, 'same')).toEqual(kept);
});

test('the very first start does not count as a boot, nor does one without a boot id', () => {
  expect(atStart({ ...noRecord, bmcs: new Map([['a', entry('alwaysOn', false)]]) }, 'new')).toEqual(
    record('new', entry('alwaysOn', false)),
  );
  const kept = record('old', entry('alwaysOn', true));
  expect(atStart(kept, undefined)).toEqual(kept);
});

test.each([
  ['shutOff', true],
  ['inShutdown', true],
  ['noState', true],
  ['running', false],
  ['idle', false],
  ['paused', false],
  ['startingUp', false],
  ['ioError', false],
  ['crashed', false],
  ['pmsuspended', false],
] as const)('a pending domain is to be powered up until it is on: %s, %s', (state: DomainState, powerUp) => {
  const seen = whenSeen(entry('previousState', true, true), state);
  expect(seen).toEqual({ powerUp, entry: entry('previousState', true, powerUp) });
});

test('a domain that was migrated away is never pending, also when libvirt has forgotten why it is off', () => {
  const away = entry('alwaysOn', false, false, true);
  expect(whenSeen(entry('alwaysOn', false, true), 'migratedAway')).toEqual({ powerUp: false, entry: away });
  expect(whenSeen(away, 'shutOff').entry).toEqual(away);
  expect(atStart(record('old', away), 'new')).toEqual(record('new', away));
  expect([away, entry('previousState', false, false, true)].map(wouldBeSecondCopy)).toEqual([true, false]);
});

test('a domain that has come back is powered up again', () => {
  const back = whenSeen(entry('alwaysOn', false, false, true), 'running').entry;
  expect(back).toEqual(entry('alwaysOn', false));
  expect(atStart(record('old', back), 'new')).toEqual(record('new', entry('alwaysOn', false, true)));
});

test('a file without migrations is read', () => {
  const text = '{"version":1,"bootId":"b","bmcs":{"a":{"policy":"alwaysOn","wasOn":false,"pending":true}}}';
  expect(parseRecord(text)).toEqual(record('b', entry('alwaysOn', false, true)));
});

test('a domain that has been on is not pending any more', () => {
  const seen = whenSeen(entry('previousState', true, true), 'running');
  expect(whenSeen(seen.entry, 'shutOff')).toEqual({ powerUp: false, entry: entry('previousState', false) });
});

test.each([
  ['alwaysOff', undefined, entry('alwaysOff', false)],
  ['alwaysOn', 'shutOff', entry('alwaysOn', false, true)],
  ['previousState', 'running', entry('previousState', true, true)],
] as const)('a pending domain under the new policy %s', (policy, seen, expected) => {
  expect(withPolicy(entry('alwaysOn', false, true), policy, seen)).toEqual(expected);
});

test('only the previous state is remembered, so that other policies cost no writes', () => {
  expect(whenSeen(entry('alwaysOn', false), 'running').entry).toEqual(entry('alwaysOn', false));
  expect(whenSeen(entry('previousState', false), 'running').entry).toEqual(entry('previousState', true));
});

test('a record comes back from its file', () => {
  const whole: RestoreRecord = {
    bootId: 'b',
    bmcs: new Map([
      ['__proto__', entry('alwaysOn', false, true)],
      ['ü "', entry('previousState', true)],
    ]),
  };
  expect(parseRecord(renderRecord(whole))).toEqual(whole);
  expect(parseRecord(renderRecord(noRecord))).toEqual(noRecord);
});

test.each([
  '',
  '{',
  'null',
  '{"version":2,"bmcs":{}}',
  '{"version":1}',
  '{"version":1,"bootId":7,"bmcs":{}}',
  '{"version":1,"bmcs":{"a":{"policy":"sometimes","wasOn":true,"pending":false}}}',
  '{"version":1,"bmcs":{"a":{"policy":"alwaysOn","wasOn":1,"pending":false}}}',
  '{"version":1,"bmcs":{"a":{"policy":"alwaysOn","wasOn":true,"pending":false,"migratedAway":1}}}',
])('%j is no record', (text) => {
  expect(parseRecord(text)).toBeUndefined();
});

test.each([
  [
    'as the kernel writes it',
    '0f6a1c2e-1111-4222-8333-0123456789ab\n',
    '0f6a1c2e-1111-4222-8333-0123456789ab',
  ],
  ['as systemd does', '0f6a1c2e1111422283330123456789ab', '0f6a1c2e-1111-4222-8333-0123456789ab'],
  ['there is none', '\n', undefined],
])('a boot id, %s', (_what, text, id) => {
  expect(parseBootId(text)).toBe(id);
});
