import type { NameAnswer } from '#supervisor/worker/name-watch.ts';
import { configuration, supervise } from '#support/supervisor/supervise.ts';
import { turns } from '#support/supervisor/scripted-resolver.ts';
import type { Dependencies } from '#supervisor/worker/dependencies.ts';

const NAME = 'ipmi.utility';
const unknown: NameAnswer = { addresses: [], failure: 'it has no address (ENOTFOUND)' };

/** A BMC at a host name, whose answer the test changes. */
function atName(first: NameAnswer, overrides: Partial<Dependencies> = {}) {
  const listeners = new Set<() => void>();
  let answer = first;
  const supervised = supervise(
    {
      hostNames: {
        answerOf: () => answer,
        untilAnswered: () => undefined,
        subscribe: (_name, listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        askAgain: () => undefined,
      },
      hasAddress: (address) => Promise.resolve(address === '192.0.2.1'),
      ...overrides,
    },
    { ...configuration, address: NAME },
  );
  const resolvesTo = (...addresses: readonly string[]): void => {
    answer = { addresses };
    for (const listener of listeners) listener();
  };
  const fails = (failure: string): void => {
    answer = { ...answer, failure };
  };
  const passes = async (ms: number): Promise<void> => {
    supervised.clock.advance(ms);
    await turns();
  };
  return { ...supervised, listeners, resolvesTo, fails, passes };
}

function addresses(...list: readonly string[]) {
  return { type: 'addresses', addresses: list };
}

test('a worker gets the addresses of the name, and hears of changes', async () => {
  const { bmc, latest, resolvesTo, logged, listed, listeners, started } = atName({
    addresses: ['192.0.2.1'],
  });
  bmc.start();
  expect(latest().received[0]).toMatchObject({
    type: 'configure',
    configuration: { address: NAME, addresses: ['192.0.2.1'] },
  });
  // A change while it starts is not lost.
  resolvesTo('192.0.2.1', '192.0.2.2');
  latest().says({ type: 'ready', address: NAME, port: 623 });
  expect(latest().received.at(-1)).toEqual(addresses('192.0.2.1', '192.0.2.2'));
  resolvesTo('192.0.2.2');
  expect(latest().received.at(-1)).toEqual(addresses('192.0.2.2'));
  expect(started).toHaveLength(1);
  expect(logged).toEqual(['info BMC answers on ipmi.utility (192.0.2.1) port 623/udp']);
  expect(await listed()).toMatchObject({ address: NAME, status: 'running', reason: null });
  void bmc.stop();
  latest().exits(0);
  expect(listeners.size).toBe(0);
});

test('without an address no worker is started; it starts when the name has one of this machine', async () => {
  const { bmc, started, logged, listed, resolvesTo, fails, passes, clock } = atName(unknown);
  bmc.start();
  expect(started).toHaveLength(0);
  expect(await listed()).toMatchObject({
    address: NAME,
    status: 'bindFailed',
    pid: null,
    restarts: 0,
    reason:
      'waiting for an address of host name ipmi.utility: it has no address (ENOTFOUND); add it to the hosts file or to the DNS, or choose an address',
  });
  expect(bmc.awaitsAddress).toBe(true);
  // It follows what the resolver says.
  fails('the resolver does not answer (EAI_AGAIN)');
  expect((await listed()).reason).toContain('the resolver does not answer (EAI_AGAIN)');
  resolvesTo('198.51.100.1', '198.51.100.2');
  await passes(3_600_000);
  expect(started).toHaveLength(0);
  expect((await listed()).reason).toContain(
    'waiting for 198.51.100.1, 198.51.100.2 (ipmi.utility), none of which is an address of this machine (yet)',
  );
  resolvesTo('192.0.2.1');
  await passes(500);
  expect(started).toHaveLength(1);
  started[0]?.says({ type: 'ready', address: NAME, port: 623 });
  expect(await listed()).toMatchObject({ status: 'running', reason: null });
  expect(bmc.awaitsAddress).toBe(false);
  expect(logged).toEqual([
    'error waiting for an address of host name ipmi.utility: it has no address (ENOTFOUND); add it to the hosts file or to the DNS, or choose an address; it starts then',
    'info BMC answers on ipmi.utility (192.0.2.1) port 623/udp',
  ]);
  expect(clock.pendingTimers).toBeGreaterThan(0);
});

test('a BMC that waits can be stopped', async () => {
  const { bmc, started, listed, resolvesTo, passes, clock, listeners } = atName(unknown);
  bmc.start();
  await bmc.stop();
  expect(await listed()).toMatchObject({ status: 'stopped', reason: null });
  resolvesTo('192.0.2.1');
  await passes(60_000);
  expect(started).toHaveLength(0);
  expect(clock.pendingTimers).toBe(0);
  expect(listeners.size).toBe(0);
});

test('an address of another machine, and a port that another BMC has there', async () => {
  const { bmc, latest, started, listed, passes, resolvesTo } = atName(
    { addresses: ['198.51.100.1'] },
    {
      portOwner: (port, address) =>
        Promise.resolve(port === 623 && address === '192.0.2.1' ? 'pid 4711 (bmc node-7)' : undefined),
    },
  );
  bmc.start();
  latest().says({ type: 'bindFailed', code: 'EADDRNOTAVAIL', message: '', address: '198.51.100.1' });
  latest().exits(0);
  expect((await listed()).reason).toContain(
    'waiting for 198.51.100.1 (ipmi.utility), which is no address of this machine (yet)',
  );
  resolvesTo('127.0.0.1', '192.0.2.1');
  await passes(500);
  expect(started).toHaveLength(2);
  latest().says({ type: 'bindFailed', code: 'EADDRINUSE', message: '', address: '192.0.2.1' });
  latest().exits(0);
  await turns();
  expect(bmc.brief().reason).toContain(
    'port 623/udp on 192.0.2.1 (ipmi.utility) is in use by pid 4711 (bmc node-7)',
  );
});

test('of several addresses: one that is not there is shown, one that is in use is listed too', () => {
  const { bmc, latest, logged } = atName({ addresses: ['192.0.2.1', '192.0.2.9', '::1'] });
  bmc.start();
  latest().says({ type: 'addressNotBound', address: '::1', code: 'EADDRNOTAVAIL' });
  latest().says({ type: 'ready', address: NAME, port: 623 });
  expect(logged).toEqual([
    'warn BMC does not answer on ::1: no address of this machine (yet)',
    'info BMC answers on ipmi.utility (192.0.2.1, 192.0.2.9) port 623/udp',
  ]);
  expect(bmc.brief()).toMatchObject({ status: 'running', reason: null });
  latest().says({ type: 'addressNotBound', address: '192.0.2.9', code: 'EADDRINUSE' });
  expect(bmc.brief()).toMatchObject({
    status: 'running',
    reason: 'not on 192.0.2.9: port 623/udp is in use by another process: stop it or choose another port',
  });
  latest().says({ type: 'addressBound', address: '192.0.2.9' });
  expect(bmc.brief()).toMatchObject({ status: 'running', reason: null });
});

test('a BMC that has no address left does not count as running, and does again with one', () => {
  const { bmc, latest, resolvesTo, started } = atName({ addresses: ['192.0.2.1'] });
  bmc.start();
  latest().says({ type: 'ready', address: NAME, port: 623 });
  resolvesTo('192.0.2.9');
  latest().says({ type: 'addressNotBound', address: '192.0.2.9', code: 'EADDRINUSE' });
  expect(bmc.brief()).toMatchObject({
    status: 'bindFailed',
    reason: expect.stringContaining('not on 192.0.2.9: port 623/udp is in use') as string,
  });
  latest().says({ type: 'addressNotBound', address: '192.0.2.9', code: 'EADDRNOTAVAIL' });
  expect(bmc.brief().reason).toBe('not on 192.0.2.9: no address of this machine (yet)');
  latest().says({ type: 'addressBound', address: '192.0.2.9' });
  expect(bmc.brief()).toMatchObject({ status: 'running', reason: null });
  // A worker that lies about addresses that it does not have changes nothing.
  latest().says({ type: 'addressNotBound', address: '192.0.2.1', code: 'EADDRINUSE' });
  expect(bmc.brief()).toMatchObject({ status: 'running', reason: null });
  expect(started).toHaveLength(1);
});

test('a running BMC keeps its address while the name does not resolve, and says so', () => {
  const { bmc, latest, fails } = atName({ addresses: ['192.0.2.1'] });
  bmc.start();
  latest().says({ type: 'ready', address: NAME, port: 623 });
  fails('it has no address (ENOTFOUND)');
  expect(bmc.brief()).toMatchObject({
    status: 'running',
    reason: 'host name ipmi.utility: it has no address (ENOTFOUND); the BMC keeps 192.0.2.1',
  });
  expect(latest().received.filter(({ type }) => type === 'addresses')).toEqual([]);
});
