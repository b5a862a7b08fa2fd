import type { EventRecord } from '#supervisor/control/event-record.ts';
import { EventRing } from '#supervisor/control/event-ring.ts';

function add(ring: EventRing, count: number, record: Partial<EventRecord> = {}): void {
  for (let index = 0; index < count; index += 1) {
    ring.add({ at: '', level: 'info', event: 'x', bmc: null, message: String(index), facts: {}, ...record });
  }
}
const all = { since: 0, kinds: [] };
function numbers(ring: EventRing, since: number, limit: number): number[] {
  return ring.recent({ since, kinds: [] }, limit).map(({ seq }) => seq);
}

test('numbers events without gaps, and returns the latest, oldest first', () => {
  const ring = new EventRing();
  add(ring, 5);
  expect(numbers(ring, 0, 100)).toEqual([1, 2, 3, 4, 5]);
  expect(numbers(ring, 0, 2)).toEqual([4, 5]);
  expect(numbers(ring, 3, 100)).toEqual([4, 5]);
  expect(numbers(ring, 0, 0)).toEqual([]);
});

test('keeps the last thousand events of a class', () => {
  const ring = new EventRing();
  add(ring, 12_345);
  const kept = numbers(ring, 0, 100_000);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([1000, 11_346, 12_345]);
});

test.each([
  ...['sessionOpened', 'sessionClosed', 'sessionRefused', 'loginAbandoned', 'loginLockedOut'],
  ...['guessingSeen', 'reportsLost'],
])('100,000 events %s push out no power command, no crash, and no reload', (event) => {
  const ring = new EventRing();
  for (const kept of ['domainActionFinished', 'workerEnded', 'reloaded'])
    add(ring, 1, { event: kept, bmc: 'node-0' });
  add(ring, 100_000, { event, bmc: 'node-0' });

  expect(
    ring
      .recent(all, 3_000)
      .slice(0, 3)
      .map((record) => record.event),
  ).toEqual([...['domainActionFinished', 'workerEnded', 'reloaded']]);
  expect(ring.recent(all, 3_000)).toHaveLength(503);
});

test('refusals push out no lock-out', () => {
  const ring = new EventRing();
  add(ring, 1, { event: 'loginLockedOut' });
  add(ring, 10_000, { event: 'sessionRefused' });

  expect(ring.recent({ since: 0, kinds: ['loginLockedOut'] }, 10)).toHaveLength(1);
});

test('a BMC that reports much pushes out its own events, and no other BMC’s', () => {
  const ring = new EventRing();
  add(ring, 2, { bmc: 'quiet' });
  add(ring, 1);
  add(ring, 50_000, { bmc: 'loud' });

  expect(ring.recent({ ...all, bmc: 'quiet' }, 10)).toHaveLength(2);
  expect(ring.recent(all, 10_000).filter(({ bmc }) => bmc === null)).toHaveLength(1);
  expect(ring.recent(all, 10_000)).toHaveLength(1_000);
});

test('filters by BMC, level, kind and time before it takes the last ones', () => {
  const ring = new EventRing();
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  add(ring, 1, { at: at(1), level: 'error', event: 'workerEnded', bmc: 'a' });
  add(ring, 1, { at: at(2), level: 'warn', event: 'sessionRefused', bmc: 'b' });
  add(ring, 1, { at: at(3), level: 'info', event: 'sessionOpened', bmc: 'a' });
  add(ring, 1, { at: at(4), level: 'debug', event: 'sessionClosed', bmc: 'a' });
  const seqs = (filter: object, limit = 100): number[] =>
    ring.recent({ ...all, ...filter }, limit).map(({ seq }) => seq);

  expect(seqs({ bmc: 'a' })).toEqual([1, 3, 4]);
  expect(seqs({ level: 'warn' })).toEqual([1, 2]);
  expect(seqs({ level: 'info' })).toEqual([1, 2, 3]);
  expect(seqs({ kinds: ['sessionRefused', 'sessionClosed'] })).toEqual([2, 4]);
  expect(seqs({ notBefore: at(3) })).toEqual([3, 4]);
  expect(seqs({ level: 'warn' }, 1)).toEqual([2]);
});

test('calls followers until they leave', () => {
  const ring = new EventRing();
  const seen: number[] = [];
  const leave = ring.follow(({ seq }) => seen.push(seq));
  add(ring, 2);
  leave();
  add(ring, 1);
  expect(seen).toEqual([1, 2]);
});
