import {
  LOOKUP_AGAIN_MS,
  LOOKUP_LIMIT_MS,
  MOST_ADDRESSES,
  NAME_LOOK_INTERVAL_MS,
} from '#supervisor/supervision/supervision-times.ts';
import { NameWatch } from '#supervisor/worker/name-watch.ts';
import { ScriptedResolver, turns } from '#support/supervisor/scripted-resolver.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const NAME = 'ipmi.utility';

/** This machine has 192.0.2.1 and 192.0.2.2. */
function scene() {
  const clock = new VirtualClock();
  const resolver = new ScriptedResolver();
  const logged: string[] = [];
  const state = { hostsFile: 'one', local: ['192.0.2.1', '192.0.2.2'] };
  const names = new NameWatch({
    clock,
    random: () => 0,
    log: (level, message) => logged.push(`${level} ${message}`),
    resolve: resolver.resolve,
    hasAddress: (address) => Promise.resolve(state.local.includes(address)),
    hostsFile: () => state.hostsFile,
  });
  /** Until the next lookup. */
  const looks = (): void => {
    for (let second = 0; resolver.waiting.length === 0 && second < 60; second += 1) clock.advance(1_000);
  };
  const changes: string[] = [];
  const unsubscribe = names.subscribe(NAME, () => changes.push(names.answerOf(NAME).addresses.join()));
  return { clock, resolver, logged, state, names, changes, looks, unsubscribe };
}

test('a name is looked up at once, and again after a while; a change is told', async () => {
  const { clock, resolver, logged, names, changes, looks } = scene();
  expect(names.answerOf(NAME)).toEqual({ addresses: [], failure: 'the resolver has not answered yet' });
  await resolver.answers(NAME, '192.0.2.1');
  expect(names.answerOf('IPMI.utility.')).toEqual({ addresses: ['192.0.2.1'] });
  clock.advance(LOOKUP_AGAIN_MS - 1);
  expect(resolver.asked).toEqual([NAME]);
  clock.advance(NAME_LOOK_INTERVAL_MS);
  await resolver.answers(NAME, '192.0.2.1');
  looks();
  await resolver.answers(NAME, '192.0.2.2', '192.0.2.1');
  expect(changes).toEqual(['192.0.2.1', '192.0.2.1,192.0.2.2']);
  expect(logged).toEqual(['info host name ipmi.utility is 192.0.2.1, 192.0.2.2 now, and was 192.0.2.1']);
});

test('a name without an address is looked up again, later each time', async () => {
  const { clock, resolver, names, logged, looks } = scene();
  await resolver.fails(NAME, 'ENOTFOUND');
  expect(names.answerOf(NAME)).toEqual({ addresses: [], failure: 'it has no address (ENOTFOUND)' });
  const seconds: number[] = [];
  for (let second = 1; second <= 120; second += 1) {
    clock.advance(1_000);
    if (resolver.waiting.length === 0) continue;
    seconds.push(second);
    await resolver.fails(NAME, 'ENOTFOUND');
  }
  expect(seconds).toEqual([1, 2, 3, 5, 9, 17, 33, 63, 93]);
  looks();
  await resolver.answers(NAME, '192.0.2.1');
  expect(names.answerOf(NAME)).toEqual({ addresses: ['192.0.2.1'] });
  // The BMCs tell of a name that has not had an address.
  expect(logged).toEqual([]);
});

test('a changed hosts file, or whoever asks, makes the next lookup soon; also while one runs', async () => {
  const { clock, resolver, state, names } = scene();
  await resolver.answers(NAME, '192.0.2.1');
  state.hostsFile = 'two';
  clock.advance(NAME_LOOK_INTERVAL_MS);
  expect(resolver.asked).toHaveLength(2);
  state.hostsFile = 'three';
  clock.advance(NAME_LOOK_INTERVAL_MS);
  await resolver.answers(NAME, '192.0.2.1');
  expect(resolver.asked).toHaveLength(3);
  await resolver.answers(NAME, '192.0.2.1');
  expect(resolver.waiting).toEqual([]);
  names.askAgain();
  expect(resolver.asked).toHaveLength(4);
});

test.each([
  [
    'it does not resolve any more',
    'it has no address (ENOTFOUND)',
    (r: ScriptedResolver) => r.fails(NAME, 'ENOTFOUND'),
  ],
  [
    'it is another machine now',
    'it is 198.51.100.1 now, which is no address of this machine',
    (r: ScriptedResolver) => r.answers(NAME, '198.51.100.1'),
  ],
  [
    'it is everything',
    'it is 0.0.0.0, which no single host has',
    (r: ScriptedResolver) => r.answers(NAME, '0.0.0.0'),
  ],
  [
    'it has a thousand addresses',
    `it has 1000 addresses, and a BMC may have ${MOST_ADDRESSES}`,
    (r: ScriptedResolver) =>
      r.answers(NAME, ...Array.from({ length: 1000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)),
  ],
])('an address is kept when %s; told once, also when that is over', async (_, failure, answer) => {
  const { clock, resolver, logged, names, looks } = scene();
  await resolver.answers(NAME, '192.0.2.1');
  looks();
  for (let round = 0; round < 3; round += 1) {
    await answer(resolver);
    expect(names.answerOf(NAME)).toEqual({ addresses: ['192.0.2.1'], failure });
    looks();
    clock.advance(LOOKUP_LIMIT_MS);
  }
  await resolver.answers(NAME, '192.0.2.1');
  expect(names.answerOf(NAME)).toEqual({ addresses: ['192.0.2.1'] });
  expect(logged).toEqual([
    `warn host name ipmi.utility: ${failure}; its BMCs keep 192.0.2.1`,
    'info host name ipmi.utility is 192.0.2.1 again',
  ]);
});

test('an address that this machine has lost is kept for no other one', async () => {
  const { resolver, state, names, looks } = scene();
  await resolver.answers(NAME, '192.0.2.1');
  state.local = [];
  looks();
  await resolver.answers(NAME, '198.51.100.1');
  expect(names.answerOf(NAME)).toEqual({ addresses: ['198.51.100.1'] });
});

test('a resolver that hangs: waiting for the first answer ends, and the answer counts when it comes', async () => {
  const { clock, resolver, names, changes } = scene();
  let isOver = false;
  const first = names.untilAnswered(NAME);
  void first?.then(() => (isOver = true));
  clock.advance(LOOKUP_LIMIT_MS - 1);
  await turns();
  expect(isOver).toBe(false);
  clock.advance(1);
  await turns();
  expect(isOver).toBe(true);
  expect(names.untilAnswered(NAME)).toBeUndefined();
  expect(names.answerOf(NAME)).toEqual({ addresses: [], failure: 'the resolver has not answered for 5 s' });
  await resolver.answers(NAME, '192.0.2.1');
  expect(names.answerOf(NAME)).toEqual({ addresses: ['192.0.2.1'] });
  expect(changes).toEqual(['', '192.0.2.1']);
});

test('names that wait behind others that hang hold up no start either', async () => {
  const { clock, names } = scene();
  const waits = ['h1', 'h2', 'h3'].map(async (name) => names.untilAnswered(name));
  clock.advance(LOOKUP_LIMIT_MS);
  await Promise.all(waits);
  expect(names.answerOf('h3')).toMatchObject({ failure: 'the resolver has not answered yet' });
});

test('a name that nobody needs any more is looked up no more, and leaves no timer', async () => {
  const { clock, resolver, unsubscribe } = scene();
  await resolver.answers(NAME, '192.0.2.1');
  unsubscribe();
  clock.advance(10 * LOOKUP_AGAIN_MS);
  expect(resolver.asked).toEqual([NAME]);
  expect(clock.pendingTimers).toBe(0);
});
