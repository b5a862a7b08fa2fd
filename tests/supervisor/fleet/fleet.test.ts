import type { PlannedBmc } from '#supervisor/fleet/reload-plan.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { Fleet } from '#supervisor/fleet/fleet.ts';
import { planFleet } from '#supervisor/fleet/plan-fleet.ts';
import type { ScriptedWorker } from '#support/supervisor/scripted-worker.ts';
import { testDependencies } from '#support/supervisor/dependencies.ts';
import type { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const INVENTORY = `
[DEFAULT]
password = geheim
[a]
port = 1
[bad]
port = 70000
[asleep]
port = 3
active = no
[c]
port = 4
libvirt_sasl_username = u
libvirt_sasl_password = p
`;

const authPaths = new Map([['c', '/run/vbmc/auth/c.conf']]);

function assemble(inventory = INVENTORY): {
  fleet: Fleet;
  clock: VirtualClock;
  started: ScriptedWorker[];
  counted: string[];
} {
  const { dependencies, clock, started, counted } = testDependencies();
  const wanted = planFleet(parseInventory(inventory).entries, 'domains.ini', authPaths);
  return { fleet: new Fleet(wanted, dependencies), clock, started, counted };
}

/** A fleet whose workers are all ready. */
async function running(inventory?: string): Promise<ReturnType<typeof assemble>> {
  const assembled = assemble(inventory);
  const start = assembled.fleet.start();
  await readyUntil(assembled.started, start);
  return assembled;
}

/** Makes each started worker ready, until `done` settles. */
async function readyUntil(started: readonly ScriptedWorker[], done: Promise<unknown>): Promise<void> {
  const progress = { over: false };
  void done.finally(() => (progress.over = true));
  while (!progress.over) {
    for (const worker of started) if (!worker.ended) worker.isReady();
    await new Promise(setImmediate);
  }
}

function plan(inventory: string): PlannedBmc[] {
  const wanted = planFleet(parseInventory(`[DEFAULT]\npassword=x\n${inventory}`).entries, 'i', authPaths);
  return wanted.filter((one) => 'configuration' in one);
}

test('active valid BMCs start, the others are listed with their reason', async () => {
  const { fleet, started } = assemble();
  expect(fleet.activeCount).toBe(2);
  void fleet.start();
  expect(started).toHaveLength(2);
  expect(await fleet.list()).toMatchObject([
    { name: 'a', status: 'starting' },
    {
      name: 'bad',
      domain: 'bad',
      address: '::',
      port: 70000,
      status: 'invalid',
      reason: 'domains.ini:7: [bad] port: 70000 is not a UDP port (1-65535)',
      powerState: 'unknown',
      pid: null,
      restarts: 0,
    },
    { name: 'asleep', status: 'stopped', reason: null },
    { name: 'c', status: 'starting' },
  ]);
});

test('a worker gets its whole configuration, with passwords and the path of its SASL credentials', () => {
  const { fleet, started } = assemble();
  void fleet.start();
  expect(started[1]?.received).toMatchObject([
    {
      type: 'configure',
      configuration: {
        name: 'c',
        domainName: 'c',
        address: '::',
        port: 4,
        connectionUri: 'qemu:///system',
        libvirtAuthFile: '/run/vbmc/auth/c.conf',
        cipherSuites: [17, 3],
        softShutdownMode: 'acpi',
        users: [{ name: 'admin', password: 'geheim', privilege: 'administrator' }],
      },
    },
  ]);
});

test('a hung worker lacks only its own power state, and delays the list by one deadline', async () => {
  const { fleet, started, clock } = await running();
  const listing = fleet.list();
  started[1]?.says({ type: 'powerState', requestId: 1, domainState: 'paused', power: 'on' });
  await new Promise(setImmediate);
  clock.advance(1000);
  const [a, , , c] = await listing;
  expect([a?.powerState, c?.powerState]).toEqual(['unknown', 'on']);
  // It is not asked again while its answer is overdue, so the next list does not wait for it.
  const next = fleet.list();
  started[1]?.says({ type: 'powerState', requestId: 2, domainState: 'paused', power: 'on' });
  expect(await next).toMatchObject([{ powerState: 'unknown' }, {}, {}, { powerState: 'on' }]);
});

test('a BMC in back-off leaves its siblings alone', async () => {
  const { fleet, started, clock } = await running();
  started[0]?.exits(1);
  clock.advance(0);
  started[2]?.exits(1);
  const listing = fleet.list();
  clock.advance(100);
  started[1]?.says({ type: 'powerState', requestId: 1, domainState: 'running', power: 'on' });
  expect(await listing).toMatchObject([{ status: 'backingOff' }, {}, {}, { status: 'running', restarts: 0 }]);
  expect(started[1]?.killed).toBe(false);
});

test('a stop waits for every worker', async () => {
  const { fleet, started } = await running();
  const stop = fleet.stop();
  started[0]?.exits(0);
  fleet.skipGracePeriod();
  expect(started.map(({ killed }) => killed)).toEqual([false, true]);
  started[1]?.exits(null, 'SIGKILL');
  await stop;
});

const MANY = Array.from({ length: 100 }, (_, index) => `[b${index}]\nport=${index + 1}\n`).join('');

test('many BMCs start some at a time, in the order of the inventory; one that hangs does not delay the others', async () => {
  const { fleet, started, clock } = assemble(`[DEFAULT]\npassword=x\n${MANY}`);
  const start = fleet.start();
  const atOnce = started.length;
  expect(atOnce).toBeLessThan(100);
  clock.advance(5_000);
  await readyUntil(started, start);
  const names = started.map(
    ({ received: [first] }) => first?.type === 'configure' && first.configuration.name,
  );
  expect(names).toEqual(Array.from({ length: 100 }, (_, index) => `b${index}`));
});

test('a stop in the middle of the start ends it', async () => {
  const { fleet, started } = assemble(`[DEFAULT]\npassword=x\n${MANY}`);
  const start = fleet.start();
  const before = started.length;
  const stop = fleet.stop();
  for (const worker of started) worker.exits(0);
  await Promise.all([start, stop]);
  expect(started).toHaveLength(before);
});

describe('apply', () => {
  const BEFORE = '[a]\nport=1\n[b]\nport=2\n[c]\nport=3\n[d]\nport=4\n[e]\nport=5\nactive=no\n';
  const AFTER = '[new]\nport=2\n[a]\nport=1\n[c]\nport=30\n[d]\nport=4\nusername=root\n[e]\nport=5\n';

  test('only BMCs that differ change; each starts when its own worker has ended and its port is free', async () => {
    const { fleet, started, counted } = await running(`[DEFAULT]\npassword=x\n${BEFORE}`);
    const [a, b, c, d] = started;
    const applied = fleet.apply(plan(AFTER));
    expect(started.map(({ received }) => received.at(-1)?.type)).toEqual([
      'configure',
      'stop',
      'stop',
      'updateUsers',
    ]);
    const startedNames = (): unknown[] =>
      started.map(({ received: [first] }) => first?.type === 'configure' && first.configuration.name);
    await new Promise(setImmediate);
    expect(startedNames().slice(4)).toEqual(['e']);
    c?.exits(0);
    await new Promise(setImmediate);
    expect(startedNames().slice(4)).toEqual(['e', 'c']);
    b?.exits(0);
    await new Promise(setImmediate);
    expect(startedNames().slice(4)).toEqual(['e', 'c', 'new']);
    d?.says({ type: 'usersUpdated', requestId: 1, endedSessions: 0 });
    await readyUntil(started.slice(4), Promise.resolve());
    await readyUntil(started, applied);
    expect((await applied).plan).toEqual({
      added: ['new'],
      removed: ['b'],
      changed: ['c'],
      updated: ['d'],
      started: ['e'],
      stopped: [],
      unchanged: ['a'],
    });
    expect((await applied).problems).toEqual([]);
    expect(started).toHaveLength(7);
    expect(a?.received).toHaveLength(1);
    expect(counted).toContain('forget "b"');
    expect(fleet.figures().map(({ listing }) => [listing.name, listing.status])).toEqual([
      ['new', 'running'],
      ['a', 'running'],
      ['c', 'running'],
      ['d', 'running'],
      ['e', 'running'],
    ]);
  });

  test('a worker that hangs holds up only those that need its port', async () => {
    const addresses = (lockout: string): string =>
      [1, 2, 3]
        .map((host) => `[n${host}]\naddress=192.0.2.${host}\nport=623\nlockout_s=${lockout}\n`)
        .join('');
    const { fleet, started } = await running(`[DEFAULT]\npassword=x\n${addresses('60')}`);
    const [hung, second, third] = started;
    const startedNames = (): unknown[] =>
      started.map(({ received: [first] }) => first?.type === 'configure' && first.configuration.name);
    // The port of the hung one goes to another BMC.
    const text = addresses('61').replace('192.0.2.1', '192.0.2.9').replace('192.0.2.3', '192.0.2.1');
    const applied = fleet.apply(plan(text));
    second?.exits(0);
    third?.exits(0);
    await new Promise(setImmediate);
    expect(startedNames().slice(3)).toEqual(['n2']);
    hung?.exits(null, 'SIGKILL');
    await readyUntil(started, applied);
    expect(startedNames().slice(3).sort()).toEqual(['n1', 'n2', 'n3']);
  });

  test('BMCs that do not start or do not confirm their users are reported', async () => {
    const { fleet, started, clock } = await running('[DEFAULT]\npassword=x\n[a]\nport=1\n');
    const applied = fleet.apply(plan('[a]\nport=1\nusername=root\n[b]\nport=2\n[c]\nport=3\n[d]\nport=4\n'));
    await new Promise(setImmediate);
    started[1]?.says({ type: 'bindFailed', code: 'EACCES', message: '' });
    started[3]?.says({ type: 'bindFailed', code: 'EADDRNOTAVAIL', message: '' });
    clock.advance(5_000);
    const { problems } = await applied;
    expect(problems).toEqual([
      {
        name: 'b',
        status: 'bindFailed',
        reason: expect.stringContaining('CAP_NET_BIND_SERVICE') as string,
        awaitsAddress: false,
      },
      {
        name: 'c',
        status: 'starting',
        reason: 'its worker has not reported ready yet',
        awaitsAddress: false,
      },
      {
        name: 'd',
        status: 'bindFailed',
        reason: expect.stringContaining('waiting for ::') as string,
        awaitsAddress: true,
      },
      {
        name: 'a',
        status: 'running',
        reason: 'its worker has not confirmed the new users yet',
        awaitsAddress: false,
      },
    ]);
  });

  test('an entry that was invalid is added', async () => {
    const { fleet, started } = await running();
    const applied = fleet.apply(plan('[a]\nport=1\n[bad]\nport=2\n'));
    started[1]?.exits(0);
    started[0]?.says({ type: 'usersUpdated', requestId: 1, endedSessions: 0 });
    await readyUntil(started, applied);
    expect((await applied).plan).toMatchObject({ added: ['bad'], removed: ['asleep', 'c'], updated: ['a'] });
  });

  test('a removed BMC that does not stop is killed when the grace period is skipped', async () => {
    const { fleet, started } = await running();
    void fleet.apply([]);
    const stop = fleet.stop();
    fleet.skipGracePeriod();
    expect(started.map(({ killed }) => killed)).toEqual([true, true]);
    for (const worker of started) worker.exits(null, 'SIGKILL');
    await stop;
  });
});
