/** A power off that finds another change under way in libvirt: it waits for nothing, and what it reports stays true. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CallGate, type GatePass } from '#worker/libvirt/call-gate.ts';
import { createDomainActions, type LibvirtAction } from '#worker/libvirt/domain-actions.ts';
import { createVirsh, type VirshResult } from '#worker/libvirt/virsh.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { boot, control, done, failedWith, started, workbench, type Workbench } from './workbench.ts';
import { PER_DEVICE } from './definitions.ts';
import { failure } from './model-domain.ts';

/** Makes this verb hang until it is answered, or called off if it can be. */
function hold(
  bench: Workbench,
  verb: string,
): { readonly begun: Promise<void>; readonly answer: (result: VirshResult) => void } {
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

/** Performs `action` until libvirt has its `verb`, and calls it off, as a power off does. `outcome` is still open then. */
async function callOffDuring(verb: string, bench: Workbench, action: LibvirtAction) {
  const held = hold(bench, verb);
  const calledOff = new AbortController();
  const outcome = bench.actions.perform(action, calledOff.signal);
  await held.begun;
  calledOff.abort();
  return { outcome, answer: held.answer };
}

test.each([
  ['softShutdown', 'shutdown', 'running'],
  ['hardReset', 'reset', 'running'],
  ['powerUp', 'resume', 'paused'],
] as const)('%s hangs in libvirt: the domain is destroyed at once', async (chassisControl, verb, state) => {
  const bench = workbench(PER_DEVICE, state);
  const hanging = await callOffDuring(verb, bench, control(chassisControl));

  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(bench.domain.changes.at(-1)).toBe('destroy');
  expect(await hanging.outcome).toEqual(failedWith('calledOff'));
});

test('a boot device hangs in libvirt: likewise', async () => {
  const bench = workbench(PER_DEVICE, 'running');
  const hanging = await callOffDuring('dumpxml', bench, boot('pxe'));

  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(await hanging.outcome).toEqual(failedWith('calledOff'));
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
  const starting = await callOffDuring('start', bench, control('powerUp'));
  const off = bench.actions.perform(control('powerDown'));
  let isAnswered = false;
  void off.then(() => (isAnswered = true));
  while (!bench.domain.changes.includes('destroy')) await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(isAnswered).toBe(false);

  bench.domain.state = 'running';
  starting.answer({ ok: true, stdout: '' });

  expect(await off).toEqual(done('shutOff'));
  expect(bench.domain.state).toBe('shutOff');
  expect(bench.domain.changes.filter((verb) => verb === 'destroy')).toHaveLength(2);
  await starting.outcome;
  expect(bench.sideFailures).toEqual([]);
});

/** A start under way, called off, and what libvirt answers to each `destroy` in turn. */
async function startAndCallOff(bench: Workbench, answers: readonly (() => VirshResult | undefined)[]) {
  const { outcome: starting, answer } = await callOffDuring('start', bench, control('powerUp'));
  const left = [...answers];
  bench.domain.intercept = (verb) => (verb === 'destroy' ? left.shift()?.() : undefined);
  return {
    starting,
    comeThrough: () => {
      bench.domain.state = 'running';
      answer({ ok: true, stdout: '' });
    },
  };
}

const notRunning = failure('error: Requested operation is not valid: domain is not running\n');

test('a destroy that reaches libvirt before the start is refused, and made again after it', async () => {
  const bench = workbench(PER_DEVICE, 'shutOff');
  const { starting, comeThrough } = await startAndCallOff(bench, [
    () => {
      comeThrough();
      return notRunning;
    },
  ]);
  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(bench.domain.state).toBe('shutOff');
  await starting;
});

test('a destroy that fails is made again while the start hangs, and after it', async () => {
  const bench = workbench(PER_DEVICE, 'shutOff');
  const fails = (): VirshResult => failure('error: failed to connect to the hypervisor\n');
  const { starting, comeThrough } = await startAndCallOff(
    bench,
    Array.from({ length: 7 }, () => fails),
  );
  const off = bench.actions.perform(control('powerDown'));
  while (bench.slept.length < 6) await new Promise(setImmediate);
  comeThrough();
  expect(await off).toEqual(done('shutOff'));
  expect(bench.domain.state).toBe('shutOff');
  await starting;
});

test('a power off is no success while nobody knows what the start has done after it', async () => {
  const bench = workbench(PER_DEVICE, 'shutOff');
  const { starting, comeThrough } = await startAndCallOff(bench, []);
  const off = bench.actions.perform(control('powerDown'));
  while (!bench.domain.changes.includes('destroy')) await new Promise(setImmediate);
  await new Promise(setImmediate);
  bench.domain.intercept = () => failure('error: failed to connect to the hypervisor\n');
  comeThrough();
  expect(await off).toEqual(failedWith('hypervisorUnreachable'));
  await starting;
});

test('a transient domain that is gone after the start is off', async () => {
  const bench = workbench(PER_DEVICE, 'running');
  const hanging = await callOffDuring('shutdown', bench, control('softShutdown'));
  bench.domain.intercept = (verb) =>
    verb === 'domstate' && bench.domain.changes.includes('destroy')
      ? failure(
          "error: failed to get domain 'node-0'\nerror: Domain not found: no domain with matching name\n",
        )
      : undefined;
  expect(await bench.actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  await hanging.outcome;
});

test('a start that waits for another question about the domain does not begin any more', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  writeFileSync(state, 'shut off (destroyed)');
  const script = `cd ${directory}
    case $0 in
      domstate) cat state;;
      dominfo) echo 'Managed save:   no';;
      start) echo 'running (booted)' > state;;
      destroy) echo 'error: Requested operation is not valid: domain is not running' >&2; exit 1;;
      *) echo 'error: metadata not found' >&2; exit 1;;
    esac`;
  const program = new URL('../../fixtures/bin/virsh-shell', import.meta.url).pathname;
  const gate = new CallGate();
  const virsh = createVirsh({ connectionUri: script, program, gate });
  const calledOff = new AbortController();
  let question: GatePass | undefined;
  const { perform } = createDomainActions({
    virsh: async (verb, ...rest) => {
      if (verb === 'start') {
        question = gate.enter('dominfo', 0);
        setImmediate(() => {
          calledOff.abort();
        });
      }
      const result = await virsh(verb, ...rest);
      if (verb === 'destroy') question?.ended();
      return result;
    },
    domainName: 'node-0',
  });
  const starting = perform(control('powerUp'), calledOff.signal);
  await new Promise((resolve) => {
    calledOff.signal.addEventListener('abort', resolve);
  });
  expect(await perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(await starting).toEqual(failedWith('calledOff'));
  expect(readFileSync(state, 'utf8')).toBe('shut off (destroyed)');
});

test('a power up after that waits for the power off, and for nothing else', async () => {
  const bench = workbench(PER_DEVICE, 'running');
  const hanging = await callOffDuring('shutdown', bench, control('softShutdown'));
  const off = bench.actions.perform(control('powerDown'));
  const on = bench.actions.perform(control('powerUp'));
  expect(await off).toEqual(done('shutOff'));
  expect(await on).toEqual(started());
  await hanging.outcome;
});
