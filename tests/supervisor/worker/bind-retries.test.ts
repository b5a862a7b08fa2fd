import { supervise } from '#support/supervisor/supervise.ts';

test('a failed bind is listed with its cause, retried, and logged once', async () => {
  const { bmc, latest, clock, started, logged, listed } = supervise({
    portOwner: (port) => Promise.resolve(port === 623 ? 'pid 4711 (vbmcd)' : undefined),
  });
  bmc.start();
  const fail = (): void => {
    latest().says({ type: 'bindFailed', code: 'EADDRINUSE', message: 'in use' });
  };
  fail();
  expect(await bmc.list(1)).toMatchObject({ status: 'bindFailed', pid: 1001 });
  latest().exits(0);
  expect(await bmc.list(1)).toMatchObject({
    status: 'bindFailed',
    pid: null,
    restarts: 0,
    reason:
      'port 623/udp is in use by pid 4711 (vbmcd): stop it or choose another port (next attempt in 0.3 s)',
  });
  clock.advance(250);
  expect(started).toHaveLength(2);
  fail();
  latest().exits(0);
  await Promise.resolve();
  expect(logged).toHaveLength(1);
  clock.advance(500);
  expect(started).toHaveLength(3);
  latest().isReady();
  expect(await listed()).toMatchObject({ status: 'running', reason: null });
});

test('while the address is missing no worker is started', async () => {
  const asked: string[] = [];
  let isThere = false;
  const { bmc, latest, clock, started, logged, listed } = supervise({
    hasAddress: (address) => {
      asked.push(address);
      return Promise.resolve(isThere);
    },
  });
  const waitMs = async (durationMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
      clock.advance(100);
      // The answers of `hasAddress` come in between.
      for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
    }
  };
  const fail = (code: string): void => {
    latest().says({ type: 'bindFailed', code, message: '' });
    latest().exits(0);
  };
  bmc.start();
  fail('EADDRNOTAVAIL');
  await waitMs(3_600_000);
  expect(started).toHaveLength(1);
  expect(asked.slice(0, 2)).toEqual(['::', '::']);
  expect(await listed()).toMatchObject({
    status: 'bindFailed',
    pid: null,
    restarts: 0,
    reason:
      'waiting for ::, which is no address of this machine (yet): add it to an interface or choose another address',
  });
  isThere = true;
  await waitMs(500);
  expect(started).toHaveLength(2);
  // The address disappears again before the worker binds it; later another program has the port.
  isThere = false;
  fail('EADDRNOTAVAIL');
  await waitMs(5_000);
  expect(started).toHaveLength(2);
  isThere = true;
  await waitMs(500);
  fail('EADDRINUSE');
  expect(await bmc.list(1)).toMatchObject({ reason: expect.stringContaining('in use') as string });
  await waitMs(10_000);
  expect(started).toHaveLength(4);
  latest().isReady();
  expect(await listed()).toMatchObject({ status: 'running', reason: null });
  expect(logged).toEqual([
    'error waiting for ::, which is no address of this machine (yet): add it to an interface or choose another address; it starts then',
    'info BMC answers on :: port 623/udp',
  ]);
});

test('a stopped BMC no longer waits for its address', async () => {
  let answer: (there: boolean) => void = () => undefined;
  const { bmc, latest, clock, started } = supervise({
    hasAddress: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  bmc.start();
  latest().says({ type: 'bindFailed', code: 'EADDRNOTAVAIL', message: '' });
  latest().exits(0);
  clock.advance(500);
  await bmc.stop();
  answer(true);
  await Promise.resolve();
  clock.advance(60_000);
  expect(started).toHaveLength(1);
  expect(clock.pendingTimers).toBe(0);
});
