import { EventRing } from '#supervisor/control/event-ring.ts';

function add(ring: EventRing, count: number): void {
  for (let index = 0; index < count; index += 1) {
    ring.add({ at: '', level: 'info', event: 'x', bmc: null, message: String(index), facts: {} });
  }
}
function numbers(ring: EventRing, since: number, limit: number): number[] {
  return ring.recent(since, limit).map(({ seq }) => seq);
}

test('numbers events without gaps, and returns the latest, oldest first', () => {
  const ring = new EventRing();
  add(ring, 5);
  expect(numbers(ring, 0, 100)).toEqual([1, 2, 3, 4, 5]);
  expect(numbers(ring, 0, 2)).toEqual([4, 5]);
  expect(numbers(ring, 3, 100)).toEqual([4, 5]);
  expect(numbers(ring, 0, 0)).toEqual([]);
});

test('keeps the last thousand events', () => {
  const ring = new EventRing();
  add(ring, 12_345);
  const kept = numbers(ring, 0, 100_000);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([1000, 11_346, 12_345]);
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
