import { bugTolerance } from '#supervisor/daemon/bug-tolerance.ts';

function scene() {
  const clock = { time: 0, now: () => clock.time };
  const logged: string[] = [];
  const done = { counted: 0, ended: 0 };
  const takeBug = bugTolerance({
    clock,
    log: (level, message, fields) => logged.push(`${level} ${fields?.event ?? ''} ${message}`),
    count: () => (done.counted += 1),
    end: () => (done.ended += 1),
  });
  return { clock, logged, done, takeBug };
}

test('a bug is logged in one line with its place, and counted, and vbmcd continues', () => {
  const { logged, done, takeBug } = scene();
  takeBug(new TypeError('x\nis not a function'));
  takeBug('a text');
  takeBug(undefined);
  expect(logged).toEqual([
    expect.stringMatching(
      /^error internalError this is a bug of vbmcd, please report it: TypeError: x is not a function at [^\n]+$/,
    ),
    'error internalError this is a bug of vbmcd, please report it: a text',
    'error internalError this is a bug of vbmcd, please report it: undefined',
  ]);
  expect(done).toEqual({ counted: 3, ended: 0 });
});

test('a bug now and then is tolerated for ever', () => {
  const { clock, done, takeBug } = scene();
  for (let count = 0; count < 1_000; count += 1) {
    takeBug(new Error('x'));
    clock.time += 12_000;
  }
  expect(done).toEqual({ counted: 1_000, ended: 0 });
});

test('one that does not go away ends vbmcd', () => {
  const { clock, logged, done, takeBug } = scene();
  for (let count = 0; count < 5; count += 1) takeBug(new Error('x'));
  expect(done.ended).toBe(0);
  clock.time += 11_000;
  takeBug(new Error('x'));
  expect(done.ended).toBe(1);
  expect(logged.at(-1)).toContain('more than 5 bugs in a short time: vbmcd ends');
});
