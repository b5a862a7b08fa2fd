import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { jest } from '@jest/globals';
import { getChassisStatus, getDeviceId, getSystemGuid, guidFromUuid } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import { errorCode } from '#worker/shell/udp-socket.ts';
import { RemoteConsole } from '#support/console/remote-console.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { consoleOptions, start, stopAll, UUID } from '#support/bmc/running-bmc.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

const done: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };

async function codeOfRejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return errorCode(error);
  }
  return 'it was fulfilled';
}

afterEach(stopAll);

describe('a BMC on a real socket', () => {
  test('opens a session and answers', async () => {
    const { bmc, events } = await start();
    const console = await UdpConsole.connect(consoleOptions(bmc.port));

    expect(await console.request(getChassisStatus, undefined)).toMatchObject({
      completionCode: 0,
      value: { powerOn: true },
    });
    expect((await console.request(getSystemGuid, undefined)).value?.guid).toEqual(guidFromUuid(UUID));
    await console.close();
    expect(events).toMatchObject([{ kind: 'sessionOpened', user: 'admin' }, { kind: 'sessionClosed' }]);
  });

  test(`on :: answers IPv4${HAS_IPV6 ? ' and IPv6' : ', as this machine has no IPv6'}`, async () => {
    const { bmc, events } = await start({ address: '::' });
    const hosts = HAS_IPV6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
    for (const host of hosts) {
      const console = await UdpConsole.connect(consoleOptions(bmc.port, host));
      expect(await console.request(getDeviceId, undefined)).toMatchObject({ completionCode: 0 });
      await console.close();
    }

    const sources = events
      .filter(({ kind }) => kind === 'sessionOpened')
      .map((event) => 'source' in event && event.source);
    expect(sources[0]).toMatch(/^127\.0\.0\.1:\d+$/);
    if (HAS_IPV6) expect(sources[1]).toMatch(/^\[::1\]:\d+$/);
  });

  test('has the address and port that were bound', async () => {
    const { bmc } = await start();

    expect(bmc.address).toBe('127.0.0.1');
    expect(bmc.port).toBeGreaterThan(0);
  });

  test('asks libvirt about its domain only on request, at the start or later', async () => {
    const first = await start({ readsDomainAtStart: true });
    const later = await start();

    expect(first.actions.map(({ kind }) => kind)).toEqual(['readUuid', 'recoverBootOverride']);
    expect(later.actions).toEqual([]);
    later.bmc.handle({ type: 'uuid', uuid: UUID });
    later.bmc.handle({ type: 'domainState', domainState: 'running' });
    expect(later.actions).toEqual([]);
    later.bmc.handle({ type: 'inspectDomain' });
    expect(later.actions.map(({ kind }) => kind)).toEqual(['recoverBootOverride']);
  });

  test('survives an empty datagram, and one of the greatest length', async () => {
    const { bmc } = await start();
    const console = await UdpConsole.bind(consoleOptions(bmc.port));
    console.send(new Uint8Array(0));
    console.send(new Uint8Array(65_507).fill(6));

    await console.ping();
    await console.abandon();
  });
});

describe('a BMC with a list of allowed addresses', () => {
  test.each(['127.0.0.1', '::'])(
    'on %s ignores all other addresses, and counts their datagrams',
    async (address) => {
      const { bmc } = await start({ address, allow: ['127.0.0.2', 'fd00::/8'] });
      const outsider = await UdpConsole.bind(consoleOptions(bmc.port));
      const allowed = await UdpConsole.bind({ ...consoleOptions(bmc.port), localAddress: '127.0.0.2' });
      for (let n = 0; n < 3; n += 1) outsider.send(outsider.console.presencePing());
      outsider.send(outsider.console.openSessionRequest());

      // The socket is read in order: the pong comes after the other sender's datagrams were dropped.
      await allowed.ping();
      expect(outsider.ignored).toBe(0);
      expect(bmc.figures()).toMatchObject({ notAllowedDatagrams: 4, malformedDatagrams: 0 });
      await allowed.abandon();
      await outsider.abandon();
    },
  );
});

/** Fails to log in; returns what the BMC answers to each message of the handshake. */
async function failToLogIn(
  port: number,
  options: { readonly userName?: string; readonly localAddress?: string } = {},
): Promise<string[]> {
  const console = await UdpConsole.bind({ ...consoleOptions(port), ...options, password: 'wrong' });
  const answers: string[] = [];
  for (const message of ['openSessionRequest', 'rakpMessage1', 'rakpMessage3'] as const) {
    const datagram = console.console[message]();
    const answer = await console.exchange(
      () => datagram,
      ({ kind }) => kind !== 'ignored',
    );
    answers.push(answer.kind === 'refusal' ? answer.refusal.status : answer.kind);
  }
  await console.abandon();
  return answers;
}

test('a BMC locks out users as configured', async () => {
  const { bmc, events } = await start({ loginPolicy: { attempts: 1, lockoutMs: 60_000 } });
  expect(await failToLogIn(bmc.port)).toEqual([
    'openSessionResponse',
    'rakpMessage2',
    'invalidIntegrityCheckValue',
  ]);

  await expect(UdpConsole.connect(consoleOptions(bmc.port))).rejects.toMatchObject({
    status: 'insufficientResourcesToCreateSession',
  });
  expect(bmc.describe().lockedOut).toMatchObject([{ user: 'admin', source: '127.0.0.1', failures: 1 }]);
  expect(bmc.figures()).toMatchObject({ lockedOutLogins: 1, refusedLogins: 2, lockouts: 1 });
  expect(events.map(({ kind }) => kind)).toContain('loginLockedOut');
});

test('a BMC describes at most twenty lock-outs, and counts all', async () => {
  const { bmc } = await start({ loginPolicy: { attempts: 1, lockoutMs: 60_000 } });
  // More names from one address would share a record.
  for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) {
    for (let n = 0; n < 8; n += 1) await failToLogIn(bmc.port, { userName: `user${n}`, localAddress });
  }

  expect(bmc.describe()).toMatchObject({ lockedOutLogins: 24 });
  expect(bmc.describe().lockedOut).toHaveLength(20);
});

describe('an address that cannot be bound', () => {
  test.each(['127.0.0.1', '::'])('rejects with EADDRINUSE when %s is taken', async (address) => {
    const { bmc } = await start({ address });

    expect(await codeOfRejection(start({ address, port: bmc.port }))).toBe('EADDRINUSE');
  });

  test('rejects with EADDRNOTAVAIL when this machine does not have it', async () => {
    expect(await codeOfRejection(start({ address: '192.0.2.1' }))).toBe('EADDRNOTAVAIL');
  });

  test('asks nothing of libvirt', async () => {
    const { bmc } = await start();
    const asked: string[] = [];
    const perform = ({ kind }: { kind: string }): Promise<DomainActionOutcome> => {
      asked.push(kind);
      return Promise.resolve(done);
    };

    await codeOfRejection(start({ port: bmc.port, perform }));
    expect(asked).toEqual([]);
  });
});

describe('the ticks', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  test('end a session without packets after 60 s, and then stop', async () => {
    const { bmc, events } = await start();
    const socket = createSocket('udp4').unref();
    const console = new RemoteConsole({ ...consoleOptions(bmc.port), randomBytes });
    // The console of udp-console.ts has timers of its own, which must not be advanced.
    const exchange = async (datagram: Uint8Array): Promise<void> => {
      const answered = new Promise<Uint8Array>((resolve) => socket.once('message', resolve));
      socket.send(datagram, bmc.port, '127.0.0.1');
      console.receive(await answered);
    };
    await exchange(console.openSessionRequest());
    await exchange(console.rakpMessage1());
    await exchange(console.rakpMessage3());
    expect(console.active).toBe(true);

    jest.advanceTimersByTime(57_000);
    expect(events).toMatchObject([{ kind: 'sessionOpened' }]);
    jest.advanceTimersByTime(6_000);

    expect(events.at(-1)).toMatchObject({ kind: 'sessionClosed', cause: 'timedOut' });
    expect(jest.getTimerCount()).toBe(0);
    socket.close();
  });
});
