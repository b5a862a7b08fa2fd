import {
  HANG_PROCESSOR_MS,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIMIT_MS,
} from '#supervisor/supervision/supervision-times.ts';
import type { BmcConfiguration } from '#worker/ipc/protocol.ts';
import { SupervisedBmc } from '#supervisor/fleet/supervised-bmc.ts';
import type { ProcessActivity } from '#supervisor/host/process-activity.ts';
import type { Dependencies } from '#supervisor/worker/dependencies.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';
import type { ScriptedWorker } from '#support/supervisor/scripted-worker.ts';
import { testDependencies, type TestDependencies } from '#support/supervisor/dependencies.ts';

const configuration: BmcConfiguration = {
  name: 'a',
  domainName: 'a',
  address: '::',
  port: 623,
  connectionUri: 'test:///default',
  cipherSuites: [17, 3],
  users: [],
};

function running(overrides: Partial<Dependencies> = {}): TestDependencies & {
  bmc: SupervisedBmc;
  worker: ScriptedWorker;
  pass: (durationMs: number) => Promise<void>;
} {
  const test = testDependencies(overrides);
  const bmc = new SupervisedBmc(configuration, test.dependencies);
  bmc.start();
  const [worker] = test.started;
  if (worker === undefined) throw new Error('no worker was started');
  worker.isReady();
  const pass = async (durationMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
      test.clock.advance(100);
      await new Promise(setImmediate);
    }
  };
  return { ...test, bmc, worker, pass };
}

function pings(worker: ScriptedWorker): number[] {
  return worker.received.flatMap((message) => (message.type === 'ping' ? [message.requestId] : []));
}

test('a worker that answers is pinged again and kept', async () => {
  const { worker, pass, counted, bmc } = running();
  for (let beat = 1; beat <= 10; beat += 1) {
    await pass(HEARTBEAT_INTERVAL_MS);
    const requestId = pings(worker).at(-1) ?? 0;
    worker.says({
      ...{ type: 'pong', requestId, ...noFigures },
      ...{ activeSessions: beat, halfOpenSessions: 2, lockedOutLogins: 1 },
      ...{ malformedDatagrams: 2 * beat, refusedLogins: 3 * beat, lockouts: 0 },
    });
  }
  expect(pings(worker)).toHaveLength(10);
  expect(worker.killed).toBe(false);
  await pass(100);
  expect(bmc.gauges).toEqual({ activeSessions: 10, halfOpenSessions: 2, lockedOutLogins: 1 });
  const { activeSessions, halfOpenSessions, lockedOutLogins, ...counts } = noFigures;
  expect([activeSessions, halfOpenSessions, lockedOutLogins]).toEqual([0, 0, 0]);
  const more = JSON.stringify({ ...counts, malformedDatagrams: 2, refusedLogins: 3 });
  expect(counted).toEqual(new Array(10).fill(`counters "a" ${more}`));
});

test('a worker that hangs is killed within the limit and replaced, and the cause is shown', async () => {
  const { worker, pass, bmc, started, clock, logged } = running();
  await pass(HEARTBEAT_LIMIT_MS - 200);
  expect(worker.killed).toBe(false);
  await pass(200);
  expect(worker.killed).toBe(true);
  const cause = 'worker has not answered for 10.0 s: killed';
  expect(bmc.brief()).toMatchObject({ status: 'failing', reason: cause });
  worker.exits(null, 'SIGKILL');
  clock.advance(0);
  expect(started).toHaveLength(2);
  expect(logged).toContain(`error ${cause}; restarting at once`);
  started[1]?.isReady();
  const described = bmc.describe(100);
  await pass(100);
  expect((await described).restartCauses).toMatchObject([{ cause }]);
});

test('a worker that misses a ping and answers the next one is kept', async () => {
  const { worker, pass } = running();
  for (let beat = 0; beat < 10; beat += 1) {
    await pass(2 * HEARTBEAT_INTERVAL_MS + 100);
    const requestId = pings(worker).at(-1) ?? 0;
    worker.says({ type: 'pong', requestId, ...noFigures });
  }
  expect(worker.killed).toBe(false);
});

test('a worker that waits for a processor is left alone, which is told once, until it has had enough of one', async () => {
  let activity: ProcessActivity = { state: 'R', processorMs: 300 };
  const { worker, pass, logged, bmc } = running({ processActivity: () => activity });
  await pass(60_000);
  expect(worker.killed).toBe(false);
  const starved = logged.filter((line) => line.includes('waits for a processor'));
  expect(starved).toEqual([
    'warn worker has not answered for 10.0 s, and waits for a processor: the machine is overloaded',
  ]);
  expect(bmc.brief().status).toBe('running');
  activity = { state: 'R', processorMs: 300 + HANG_PROCESSOR_MS };
  await pass(HEARTBEAT_INTERVAL_MS);
  expect(worker.killed).toBe(true);
});

test('a worker in an endless loop is killed within the limit', async () => {
  let processorMs = 0;
  const processActivity = (): ProcessActivity => {
    processorMs += HANG_PROCESSOR_MS;
    return { state: 'R', processorMs };
  };
  const { worker, pass } = running({ processActivity });
  await pass(HEARTBEAT_LIMIT_MS);
  expect(worker.killed).toBe(true);
});

test('a worker that answers after it had no processor begins anew', async () => {
  const { worker, pass } = running({ processActivity: () => ({ state: 'R', processorMs: 0 }) });
  await pass(HEARTBEAT_LIMIT_MS + 100);
  worker.says({ type: 'pong', requestId: pings(worker).at(-1) ?? 0, ...noFigures });
  await pass(HEARTBEAT_INTERVAL_MS);
  expect(worker.killed).toBe(false);
});

test('a vbmcd that had no processor itself does not blame its workers', async () => {
  const { worker, pass, clock } = running();
  await pass(HEARTBEAT_INTERVAL_MS);
  for (let freeze = 0; freeze < 5; freeze += 1) {
    clock.stall(20_000);
    await pass(100);
  }
  expect(worker.killed).toBe(false);
  // One that really hangs is found out by pings that are on time.
  await pass(HEARTBEAT_LIMIT_MS);
  expect(worker.killed).toBe(true);
});

test('a worker above its memory limit is asked to stop, and replaced', async () => {
  const { worker, pass, bmc, started, clock } = running({
    memoryLimitBytes: () => 64 * 2 ** 20,
    residentBytes: (pid) => (pid === 1001 ? 80 * 2 ** 20 : undefined),
  });
  await pass(HEARTBEAT_INTERVAL_MS);
  expect(worker.received.at(-1)).toEqual({ type: 'stop' });
  expect(worker.killed).toBe(false);
  const reason = 'worker uses 80 MB, its limit is 64 MB: replaced';
  expect(bmc.brief()).toMatchObject({ status: 'failing', reason });
  worker.exits(0);
  clock.advance(0);
  expect(started).toHaveLength(2);
});

test('a worker above its memory limit that does not stop is killed', async () => {
  const { worker, pass } = running({ memoryLimitBytes: () => 1, residentBytes: () => 2 });
  await pass(HEARTBEAT_INTERVAL_MS + 10_000);
  expect(worker.killed).toBe(true);
});
