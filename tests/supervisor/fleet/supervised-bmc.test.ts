import { setImmediate } from 'node:timers/promises';
import { quietSubscription } from '#support/supervisor/quiet-subscription.ts';
import { configuration, supervise } from '#support/supervisor/supervise.ts';

test('a worker is configured, becomes ready and is listed', async () => {
  const { bmc, latest, listed, logged } = supervise();
  expect(await listed()).toMatchObject({ status: 'stopped', pid: null, powerState: 'unknown' });
  bmc.start();
  expect(latest().received).toEqual([
    { type: 'configure', configuration: { ...configuration, readsDomainAtStart: true } },
  ]);
  expect(await listed()).toMatchObject({ status: 'starting', pid: 1001 });
  latest().isReady();
  expect(await listed()).toEqual({
    name: 'node-0',
    domain: 'vm-0',
    address: '::',
    port: 623,
    status: 'running',
    reason: null,
    warning: null,
    powerState: 'unknown',
    powerFailure: 'the worker has no answer yet',
    domainState: null,
    pid: 1001,
    restarts: 0,
    unanswered: null,
    identify: 'off',
  });
  expect(logged).toEqual(['info BMC answers on :: port 623/udp']);
});

test('the power state is the answer to this question, not to another', async () => {
  const { bmc, latest } = supervise();
  bmc.start();
  latest().isReady();
  const [first, second] = [bmc.list(2000), bmc.list(2000)];
  expect(latest().received.slice(1)).toEqual([
    { type: 'readPowerState', requestId: 1 },
    { type: 'readPowerState', requestId: 2 },
  ]);
  latest().says({ type: 'powerState', requestId: 2, domainState: 'shutOff', power: 'off' });
  latest().says({ type: 'powerState', requestId: 9, domainState: 'crashed', power: 'off' });
  latest().says({ type: 'powerState', requestId: 1, domainState: 'running', power: 'on' });
  expect(await first).toMatchObject({ powerState: 'on', domainState: 'running' });
  expect(await second).toMatchObject({ powerState: 'off', domainState: 'shutOff' });
});

test('the detail says what the list says, and nothing of earlier', async () => {
  const { bmc, latest, clock } = supervise();
  bmc.start();
  latest().isReady();
  const known = bmc.describe(1_000);
  latest().says({ type: 'powerState', requestId: 3, domainState: 'running', power: 'on' });
  await setImmediate();
  clock.advance(1_000);
  clock.advance(0);
  expect(await known).toMatchObject({ powerState: 'on', power: { powerState: 'on', source: 'virsh' } });
  const late = [bmc.describe(1_000), bmc.list(1_000)] as const;
  clock.advance(1_000);
  clock.advance(0);
  const power = {
    powerState: 'unknown',
    domainState: null,
    source: null,
    failure: 'the worker has no answer yet',
  };
  expect(await late[0]).toMatchObject({ powerState: 'unknown', domainState: null, power });
  expect(await late[1]).toMatchObject({ powerState: 'unknown', domainState: null });
});

test('a worker that ends while it is asked does not delay the list', async () => {
  const { bmc, latest, clock } = supervise();
  bmc.start();
  latest().isReady();
  const listing = bmc.list(2000);
  latest().exits(null, 'SIGKILL');
  expect(await listing).toMatchObject({ powerState: 'unknown', status: 'backingOff' });
  expect(clock.pendingTimers).toBe(1);
});

test('the first restart is at once, the next ones after growing delays', async () => {
  const { bmc, latest, started, clock, logged, listed } = supervise();
  bmc.start();
  latest().isReady();
  latest().exits(null, 'SIGKILL');
  clock.advance(0);
  expect(started).toHaveLength(2);
  latest().prints('TypeError: oh');
  latest().exits(1);
  clock.advance(249);
  expect(started).toHaveLength(2);
  clock.advance(1);
  expect(started).toHaveLength(3);
  latest().exits(1);
  expect(logged).toEqual([
    'info BMC answers on :: port 623/udp',
    'error worker ended by SIGKILL; restarting at once',
    'warn worker says: TypeError: oh',
    'error worker ended with exit code 1: TypeError: oh; restarting in 0.3 s',
    'error worker ended with exit code 1; restarting in 0.5 s',
  ]);
  const listing = bmc.list(2000);
  expect(await listing).toMatchObject({
    status: 'backingOff',
    reason: 'worker ended with exit code 1 (next attempt in 0.5 s)',
    pid: null,
    restarts: 3,
  });
  clock.advance(500);
  latest().isReady();
  expect(await listed()).toMatchObject({ status: 'running', restarts: 3, reason: null });
});

test('a worker reads its domain at start only if the one before it ended unasked', async () => {
  const { bmc, latest, clock } = supervise({
    domainUpdates: {
      subscribe: () => quietSubscription,
    },
  });
  const looks = (): unknown => {
    const [first] = latest().received;
    return first?.type === 'configure' && first.configuration.readsDomainAtStart;
  };
  bmc.start();
  expect(looks()).toBe(false);
  latest().isReady();
  latest().exits(null, 'SIGKILL');
  clock.advance(0);
  expect(looks()).toBe(true);
  latest().isReady();
  const stopped = bmc.stop();
  latest().exits(0);
  await stopped;
  bmc.start();
  expect(looks()).toBe(false);
});

test('after a stable minute the next restart is at once again', () => {
  const { bmc, latest, started, clock } = supervise();
  bmc.start();
  for (const ranMs of [10, 10, 60_000]) {
    latest().isReady();
    clock.advance(ranMs);
    const before = started.length;
    latest().exits(1);
    clock.advance(ranMs === 60_000 ? 0 : 250);
    expect(started).toHaveLength(before + 1);
  }
});

test('a process that cannot be started is retried', async () => {
  const { bmc, latest, clock, started, logged } = supervise();
  bmc.start();
  latest().couldNotStart('spawn EAGAIN');
  expect(logged).toEqual(['error worker could not be started: spawn EAGAIN; restarting at once']);
  clock.advance(0);
  expect(started).toHaveLength(2);
  expect(await bmc.list(1)).toMatchObject({ status: 'starting' });
});

test('a worker that never becomes ready is killed and replaced', () => {
  const { bmc, latest, clock, started } = supervise();
  bmc.start();
  clock.advance(29_999);
  expect(latest().killed).toBe(false);
  clock.advance(1);
  expect(latest().killed).toBe(true);
  latest().exits(null, 'SIGKILL');
  clock.advance(0);
  expect(started).toHaveLength(2);
});

test('a stop asks first, kills after the grace period and resolves when the process has gone', async () => {
  const { bmc, latest, clock } = supervise();
  bmc.start();
  latest().isReady();
  let stopped = false;
  const stop = bmc.stop().then(() => {
    stopped = true;
  });
  expect(latest().received.at(-1)).toEqual({ type: 'stop' });
  clock.advance(9_999);
  expect(latest().killed).toBe(false);
  clock.advance(1);
  expect(latest().killed).toBe(true);
  await Promise.resolve();
  expect(stopped).toBe(false);
  latest().exits(null, 'SIGKILL');
  await stop;
  expect(clock.pendingTimers).toBe(0);
});

test('the grace period of a stop can be skipped', async () => {
  const { bmc, latest } = supervise();
  bmc.start();
  bmc.skipGracePeriod();
  expect(latest().killed).toBe(false);
  const stop = bmc.stop();
  bmc.skipGracePeriod();
  expect(latest().killed).toBe(true);
  latest().exits(null, 'SIGKILL');
  await stop;
});

test('a stop during back-off is immediate, and no worker is started afterwards', async () => {
  const { bmc, latest, clock, started } = supervise();
  bmc.start();
  latest().exits(1);
  clock.advance(0);
  latest().exits(1);
  await bmc.stop();
  clock.advance(60_000);
  expect(started).toHaveLength(2);
  expect(clock.pendingTimers).toBe(0);
  await bmc.stop();
});

test('events are logged', () => {
  const { bmc, latest, logged } = supervise();
  bmc.start();
  latest().says({
    type: 'events',
    events: [{ kind: 'sessionClosed', source: 's', user: 'u', cause: 'closed' }],
  });
  expect(logged).toEqual(['debug session of "u" from s ended: closed by the remote console']);
});

test.each(['starting', 'running', 'stopping'] as const)(
  'a worker that breaks a rule of its channel while it is %s is killed',
  async (state) => {
    const { bmc, latest, clock, logged, started, listed, counted } = supervise();
    bmc.start();
    if (state !== 'starting') latest().isReady();
    const stopped = state === 'stopping' ? bmc.stop() : undefined;
    expect((await listed()).status).toBe(state);
    const worker = latest();
    worker.breaksRule({ kind: 'notJson', cause: 'worker sent a line that is not JSON: "x"' });
    expect(worker.killed).toBe(true);
    worker.exits(null, 'SIGKILL');
    await stopped;
    clock.advance(0);
    const cause = 'worker sent a line that is not JSON: "x": killed';
    expect(logged).toContain(`error ${cause}`);
    expect(counted).toContain('channelViolation "node-0" "notJson"');
    if (state === 'stopping') {
      expect(started).toHaveLength(1);
      return;
    }
    expect(logged).toContain(`error ${cause}; restarting at once`);
    expect(started).toHaveLength(2);
    latest().isReady();
    expect(await listed()).toMatchObject({ status: 'running', restarts: 1 });
  },
);

test("neither a worker's output nor refused logins can fill the log", () => {
  const { bmc, latest, logged, clock } = supervise();
  bmc.start();
  const refusal = { kind: 'sessionRefused', source: 's', user: 'u', status: 13, reason: 'r' } as const;
  for (let count = 0; count < 500; count += 1) latest().prints('again');
  for (let count = 0; count < 500; count += 1) latest().says({ type: 'events', events: [refusal] });
  expect(logged).toHaveLength(200);
  clock.advance(60_000);
  latest().says({ type: 'events', events: [refusal] });
  expect(logged.slice(200)).toEqual([
    expect.stringContaining('worker still starting') as string,
    expect.stringContaining('does not end though it was killed') as string,
    'warn 400 lines like the next one were left out',
    'warn session refused to "u" from s: r (status 0Dh)',
  ]);
  // A worker under attack reports how many events it has left out.
  latest().says({ type: 'events', events: [{ ...refusal, omitted: 1_000 }] });
  expect(logged.slice(204)).toEqual([
    'warn 1000 lines like the next one were left out',
    'warn session refused to "u" from s: r (status 0Dh)',
  ]);
});
