/** A power off that finds another change under way in libvirt: it waits for nothing, and what it reports stays true. */
import type { VirshResult } from '#worker/libvirt/virsh.ts';
import { boot, control, done, failedWith, started, workbench, type Workbench } from './workbench.ts';
import { PER_DEVICE } from './definitions.ts';

/** Makes this verb hang until it is answered, or called off if it can be. */
function hold(
  bench: Workbench,
  verb: string,
): { readonly begun: Promise<void>; answer(result: VirshResult): void } {
  let answer: (result: VirshResult) => void = () => undefined;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  bench.domain.hold = (each, signal) => {
    if (each !== verb) return undefined;
    begin();
    return new Promise<VirshResult>((resolve) => {
      answer = resolve;
      signal?.addEventListener('abort', () => {
        resolve({ ok: false, failure: { kind: 'calledOff', message: verb }, stderr: '' });
      });
    });
  };
  return {
    begun,
    answer: (result) => {
      answer(result);
    },
  };
}

test.each([
  ['softShutdown', 'shutdown', 'running'],
  ['hardReset', 'reset', 'running'],
  ['powerUp', 'resume', 'paused'],
] as const)('%s hangs in libvirt: the domain is destroyed at once', async (chassisControl, verb, state) => {
  const bench = workbench(PER_DEVICE, state);
  const held = hold(bench, verb);
  const calledOff = new AbortController();
  const hanging = bench.actions.perform(control(chassisControl), calledOff.signal);
  await held.begun;
  calledOff.abort();

  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(bench.domain.changes.at(-1)).toBe('destroy');
  expect(await hanging).toEqual(failedWith('calledOff'));
});

test('a boot device hangs in libvirt: likewise', async () => {
  const bench = workbench(PER_DEVICE, 'running');
  const held = hold(bench, 'dumpxml');
  const calledOff = new AbortController();
  const hanging = bench.actions.perform(boot('pxe'), calledOff.signal);
  await held.begun;
  calledOff.abort();

  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(await hanging).toEqual(failedWith('calledOff'));
});

test('a power cycle that is called off in its interval starts nothing', async () => {
  const bench = workbench(PER_DEVICE, 'running');
  const calledOff = new AbortController();
  bench.during.interval = () => {
    calledOff.abort();
  };
  const cycle = bench.actions.perform(control('powerCycle'), calledOff.signal);
  expect(await cycle).toEqual(failedWith('calledOff'));
  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(bench.domain.changes).not.toContain('start');
});

test('a start that comes through after the destroy is undone before the answer', async () => {
  const bench = workbench(PER_DEVICE, 'shutOff');
  const held = hold(bench, 'start');
  const calledOff = new AbortController();
  const starting = bench.actions.perform(control('powerUp'), calledOff.signal);
  await held.begun;
  calledOff.abort();
  const off = bench.actions.perform(control('powerDown'));
  let isAnswered = false;
  void off.then(() => (isAnswered = true));
  while (!bench.domain.changes.includes('destroy')) await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(isAnswered).toBe(false);

  bench.domain.state = 'running';
  held.answer({ ok: true, stdout: '' });

  expect(await off).toEqual(done('shutOff'));
  expect(bench.domain.state).toBe('shutOff');
  expect(bench.domain.changes.filter((verb) => verb === 'destroy')).toHaveLength(2);
  await starting;
  expect(bench.sideFailures).toEqual([]);
});

test('a power up after that waits for the power off, and for nothing else', async () => {
  const bench = workbench(PER_DEVICE, 'running');
  const held = hold(bench, 'shutdown');
  const calledOff = new AbortController();
  const hanging = bench.actions.perform(control('softShutdown'), calledOff.signal);
  await held.begun;
  calledOff.abort();
  const off = bench.actions.perform(control('powerDown'));
  const on = bench.actions.perform(control('powerUp'));
  expect(await off).toEqual(done('shutOff'));
  expect(await on).toEqual(started());
  await hanging;
});
