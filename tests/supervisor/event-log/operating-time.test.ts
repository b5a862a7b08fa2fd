import { OperatingTime } from '#supervisor/event-log/operating-time.ts';

test('time counts while the domain is seen on, and is stored when it is not any more', () => {
  const time = new OperatingTime({ operatingSeconds: 100 });
  expect(time.set(false, 0)).toBeUndefined();
  expect(time.stored(1_000)).toBeUndefined();
  expect(time.set(true, 5_000)).toBeUndefined();
  expect(time.at(15_000)).toBe(110);
  expect(time.stored(15_500)).toEqual({ operatingSeconds: 110 });
  expect(time.set(false, 25_000)).toEqual({ operatingSeconds: 120 });
  expect(time.at(99_000)).toBe(120);
  time.set(true, 99_000);
  expect(time.at(100_000)).toBe(121);
});

test('an hour that a client is told was stored before', () => {
  const time = new OperatingTime({ operatingSeconds: 3_590 });
  time.set(true, 0);
  expect(time.beforeTold(9_999)).toBeUndefined();
  expect(time.beforeTold(10_000)).toEqual({ operatingSeconds: 3_600 });
  expect(time.beforeTold(20_000)).toBeUndefined();
});
