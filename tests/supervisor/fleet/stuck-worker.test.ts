import { Fleet } from '#supervisor/fleet/fleet.ts';
import { planFleet } from '#supervisor/fleet/plan-fleet.ts';
import type { PlannedBmc } from '#supervisor/fleet/reload-plan.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { KILL_LIMIT_MS, STOP_GRACE_MS } from '#supervisor/supervision/supervision-times.ts';
import { testDependencies } from '#support/supervisor/dependencies.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';
import type { ScriptedWorker } from '#support/supervisor/scripted-worker.ts';
import type { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { waitFor } from '#support/wait-for.ts';

function plan(inventory: string): PlannedBmc[] {
  const wanted = planFleet(parseInventory(inventory).entries, 'i', new Map());
  return wanted.filter((one) => 'configuration' in one);
}

/** A fleet whose workers are all ready. */
async function running(inventory: string) {
  const { dependencies, clock, started } = testDependencies();
  const fleet = new Fleet(plan(inventory), dependencies);
  const start = fleet.start();
  for (const worker of started) worker.isReady();
  await start;
  return { fleet, clock, started };
}

/** Time passes until `done` resolves; the first worker does nothing any more, the others answer. */
async function passing<T>(
  { clock, started }: { clock: VirtualClock; started: readonly ScriptedWorker[] },
  done: Promise<T>,
): Promise<T> {
  const progress = { over: false };
  void done.finally(() => (progress.over = true));
  while (!progress.over) {
    clock.advance(500);
    for (const worker of started.slice(1)) {
      if (worker.ended) continue;
      worker.isReady();
      for (const message of worker.received) {
        if (message.type === 'ping')
          worker.says({ ...noFigures, type: 'pong', requestId: message.requestId });
      }
    }
    await new Promise(setImmediate);
  }
  return done;
}

test('a worker that SIGKILL does not end holds up no reload, and is told', async () => {
  const scene = await running('[DEFAULT]\npassword=x\n[a]\nport=1\n[b]\nport=2\n');
  const { fleet, started } = scene;
  const reload = (inventory: string) =>
    passing(scene, fleet.apply(plan(`[DEFAULT]\npassword=x\n${inventory}`)));
  const listed = async () =>
    (await passing(scene, fleet.list())).map(({ name, status }) => `${name} ${status}`);
  const stuck = {
    name: 'a',
    status: 'stopping',
    reason:
      'its worker (pid 1001) does not end though it was killed: the kernel waits, perhaps for a dead disk or mount',
    awaitsAddress: false,
  };
  expect(await reload('[a]\nport=11\n[b]\nport=2\n')).toMatchObject({ problems: [stuck] });
  expect(await listed()).toEqual(['a stopping', 'b running']);
  expect(await reload('[a]\nport=11\n[b]\nport=2\n[c]\nport=3\n')).toMatchObject({ problems: [] });
  expect(await reload('[b]\nport=2\n[c]\nport=3\n')).toMatchObject({ problems: [stuck] });
  expect(await listed()).toEqual(['b running', 'c running', 'a stopping']);
  const before = started.length;
  started[0]?.exits(null, 'SIGKILL');
  await new Promise(setImmediate);
  // The first reload would have started it; the last one has removed it.
  expect(started).toHaveLength(before);
  expect(await listed()).toEqual(['b running', 'c running']);
});

test('a worker that SIGKILL does not end keeps vbmcd no longer than it takes to notice that', async () => {
  const scene = await running('[DEFAULT]\npassword=x\n[a]\nport=1\n[b]\nport=2\n');
  const { clock, fleet, started } = scene;
  const stopping = fleet.stop();
  started[1]?.exits(0);
  const left = await passing(scene, stopping);
  expect(left).toMatchObject([{ name: 'a', pid: 1_001, status: 'stopping' }]);
  expect(clock.now()).toBe(STOP_GRACE_MS + KILL_LIMIT_MS);
});

test('nor one that is killed at once', async () => {
  const scene = await running('[DEFAULT]\npassword=x\n[a]\nport=1\n');
  const { clock, fleet } = scene;
  const stopping = fleet.stop();
  fleet.skipGracePeriod();
  expect(await passing(scene, stopping)).toMatchObject([{ name: 'a' }]);
  expect(clock.now()).toBe(KILL_LIMIT_MS);
});

test('a changed BMC starts when its stuck worker has ended at last, with its present configuration', async () => {
  const scene = await running('[DEFAULT]\npassword=x\n[a]\nport=1\n');
  const { fleet, started } = scene;
  await passing(scene, fleet.apply(plan('[DEFAULT]\npassword=x\n[a]\nport=11\n')));
  await passing(scene, fleet.apply(plan('[DEFAULT]\npassword=x\n[a]\nport=12\n')));
  expect(started).toHaveLength(1);
  started[0]?.exits(null, 'SIGKILL');
  await waitFor('the next worker', () => started.length === 2);
  expect(started[1]?.received).toMatchObject([{ type: 'configure', configuration: { port: 12 } }]);
  expect(await fleet.list()).toMatchObject([{ name: 'a', status: 'starting' }]);
});
