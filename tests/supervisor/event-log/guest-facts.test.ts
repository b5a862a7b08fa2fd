import type { LogFact } from '@vbmc/bmc-worker/ipc';
import { GuestFacts } from '#supervisor/event-log/guest-facts.ts';

const reboot: LogFact = { kind: 'booted', by: 'guest' };
const HOUR_MS = 3_600_000;

function admitted(facts: GuestFacts, fact: LogFact, times: number, nowMs = 0): number {
  return Array.from({ length: times }, () => facts.admits(fact, nowMs)).filter(Boolean).length;
}

test('each kind has its share, so that none takes the place of another', () => {
  const facts = new GuestFacts();
  expect(admitted(facts, reboot, 1_000)).toBe(64);
  expect(admitted(facts, { kind: 'osStopped', how: 'panic' }, 1_000)).toBe(64);
  expect(admitted(facts, { kind: 'watchdog', action: 'reset' }, 1_000)).toBe(64);
  expect(admitted(facts, reboot, 1_000, HOUR_MS)).toBe(4);
});

test.each<LogFact>([
  { kind: 'booted', by: 'reset' },
  { kind: 'booted', by: 'start' },
  { kind: 'power', state: 'softOff' },
  { kind: 'nmi' },
])('what no guest does alone is always recorded: %j', (fact) => {
  expect(admitted(new GuestFacts(), fact, 1_000)).toBe(1_000);
});

test('the end of a disk fault is recorded where its begin was', () => {
  const facts = new GuestFacts();
  const over: LogFact = { kind: 'diskFault', isOver: true };
  for (let count = 0; count < 64; count += 1) {
    expect(facts.admits({ kind: 'diskFault' }, 0)).toBe(true);
    expect(facts.admits(over, 0)).toBe(true);
  }
  expect(facts.admits({ kind: 'diskFault' }, 0)).toBe(false);
  expect(facts.admits(over, 0)).toBe(false);
});

test('what was left out is told once an hour', () => {
  const facts = new GuestFacts();
  expect(facts.takeMissed(0)).toBe(0);
  admitted(facts, reboot, 65);
  expect([facts.takeMissed(0), facts.takeMissed(0)]).toEqual([1, 0]);
  admitted(facts, reboot, 10);
  expect(facts.takeMissed(HOUR_MS - 1)).toBe(0);
  expect(facts.takeMissed(HOUR_MS)).toBe(10);
});
