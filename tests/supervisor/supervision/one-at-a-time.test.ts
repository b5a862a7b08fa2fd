import { oneAtATime } from '#supervisor/supervision/one-at-a-time.ts';

function scripted(): { call: () => Promise<number>; runs: ((fail?: Error) => void)[] } {
  const runs: ((fail?: Error) => void)[] = [];
  const callWith = oneAtATime(async () => {
    const number = runs.length + 1;
    await new Promise<void>((resolve, reject) => {
      runs.push((fail) => {
        if (fail) reject(fail);
        else resolve();
      });
    });
    return number;
  });
  return { call: () => callWith(undefined), runs };
}

test('calls during a run share the next one, which begins when the present one has ended', async () => {
  const { call, runs } = scripted();
  const first = call();
  const [second, third] = [call(), call()];
  expect(runs).toHaveLength(1);
  runs[0]?.();
  expect(await first).toBe(1);
  await new Promise(setImmediate);
  expect(runs).toHaveLength(2);
  const fourth = call();
  runs[1]?.();
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  await new Promise(setImmediate);
  runs[2]?.();
  expect(await fourth).toBe(3);
});

test('a run that fails rejects for its callers only', async () => {
  const { call, runs } = scripted();
  const first = call();
  const second = call();
  runs[0]?.(new Error('oh'));
  await expect(first).rejects.toThrow('oh');
  await new Promise(setImmediate);
  runs[1]?.();
  expect(await second).toBe(2);
});

test('a run gets what each of its calls asks for', async () => {
  const seen: (readonly string[])[] = [];
  const call = oneAtATime(async (calls: readonly string[]) => {
    seen.push(calls);
    await new Promise(setImmediate);
  });
  await Promise.all(['a', 'b', 'c'].map(call));
  expect(seen).toEqual([['a'], ['b', 'c']]);
});
