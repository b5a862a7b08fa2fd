import { GuessingSources } from '#supervisor/worker/guessing-sources.ts';
import { GUESSING_LOOK_INTERVAL_MS } from '#supervisor/supervision/supervision-times.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const SOURCE = '198.51.100.66';

test('workers are told of a source that guesses at several BMCs, those that start later too, and when it is over', () => {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const sources = new GuessingSources(clock, (level, message) => logged.push(`${level} ${message}`));
  const told: string[] = [];
  sources.subscribe((list) => told.push(`first: ${list.join()}`));
  for (const bmc of ['a', 'b', 'c']) sources.note(bmc, [{ source: SOURCE, failures: 10 }]);
  clock.advance(GUESSING_LOOK_INTERVAL_MS);
  expect(told).toEqual([`first: ${SOURCE}`]);
  expect(logged).toEqual([
    `warn ${SOURCE} guesses passwords: logins from there failed at 3 BMCs; each further failure locks its user name out at once`,
  ]);

  const leave = sources.subscribe((list) => told.push(`second: ${list.join()}`));
  expect(told).toEqual([`first: ${SOURCE}`, `second: ${SOURCE}`]);
  leave();
  clock.advance(660_000);
  expect(told.slice(2)).toEqual(['first: ']);
  expect(logged).toHaveLength(1);
  expect(clock.pendingTimers).toBe(0);
});
