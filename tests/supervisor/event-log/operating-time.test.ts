import { OperatingTime } from '#supervisor/event-log/operating-time.ts';

test('time counts while the domain is on', () => {
  const time = new OperatingTime({ operatingSeconds: 100 });
  expect(time.set(false, 0, 1_000)).toBeUndefined();
  expect(time.set(true, 5_000, 1_005)).toEqual({ operatingSeconds: 100, countedAt: 1_005 });
  expect(time.set(true, 6_000, 1_006)).toBeUndefined();
  expect(time.stored(15_500, 1_015)).toEqual({ operatingSeconds: 110, countedAt: 1_015 });
  expect(time.set(false, 25_000, 1_025)).toEqual({ operatingSeconds: 120, countedAt: undefined });
  expect(time.at(99_000)).toBe(120);
});

test('what a killed vbmcd has not stored counts if the domain is on still, up to two hours', () => {
  const soon = new OperatingTime({ operatingSeconds: 100, countedAt: 1_000 });
  soon.set(true, 0, 1_060);
  expect(soon.at(0)).toBe(160);
  const late = new OperatingTime({ operatingSeconds: 100, countedAt: 1_000 });
  late.set(true, 0, 1_000_000);
  expect(late.at(0)).toBe(7_300);
  const off = new OperatingTime({ operatingSeconds: 100, countedAt: 1_000 });
  off.set(false, 0, 1_060);
  expect(off.at(0)).toBe(100);
});
