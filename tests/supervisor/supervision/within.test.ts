import { within } from '#supervisor/supervision/within.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

test('a promise that resolves in time gives its value, and no timer is left', async () => {
  const clock = new VirtualClock();
  expect(await within(clock, 1000, Promise.resolve('value'))).toBe('value');
  expect(clock.pendingTimers).toBe(0);
});

test('after the limit it is undefined', async () => {
  const clock = new VirtualClock();
  const result = within(clock, 1000, new Promise<string>(() => undefined));
  clock.advance(1000);
  expect(await result).toBeUndefined();
});

test('a rejection is passed on', async () => {
  const clock = new VirtualClock();
  await expect(within(clock, 1000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.pendingTimers).toBe(0);
});
