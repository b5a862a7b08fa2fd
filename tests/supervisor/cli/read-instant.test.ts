import { readInstant } from '#supervisor/cli/read-instant.ts';

const NOW = Date.UTC(2026, 10, 28, 12, 0, 0);

test.each([
  ['90s', '2026-11-28T11:58:30.000Z'],
  ['15m', '2026-11-28T11:45:00.000Z'],
  ['2h', '2026-11-28T10:00:00.000Z'],
  ['1d', '2026-11-27T12:00:00.000Z'],
  ['0s', '2026-11-28T12:00:00.000Z'],
  ['2026-11-28T10:30:00Z', '2026-11-28T10:30:00.000Z'],
  ['2026-11-28', '2026-11-28T00:00:00.000Z'],
])('%s', (text, instant) => {
  expect(readInstant(text, NOW)).toBe(instant);
});

test.each(['', 'yesterday', '2', '2w', '-2h', '2 h', '1e3s', '28.11.2026', '2026-13-45'])(
  '%j is no instant',
  (text) => {
    expect(readInstant(text, NOW)).toBeUndefined();
  },
);

test('an age beyond all time is an instant', () => {
  expect(readInstant('999999999d', NOW)).toBe(new Date(NOW - 1e11).toISOString());
});
