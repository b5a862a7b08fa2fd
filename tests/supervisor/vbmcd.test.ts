import { jest } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exchange, fetchListings } from '#supervisor/cli/control-client.ts';
import { followLines } from '#supervisor/cli/follow-lines.ts';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import type { EventRecord } from '#supervisor/control/event-ring.ts';
import { isAlive } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';
import { STOP_GRACE_MS } from '#supervisor/supervision/supervision-times.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** The real vbmcd and real processes; only the worker's program is a stand-in. */
const PROGRAM = fileURLToPath(new URL('../fixtures/bin/vbmcd-with-fixture-worker.ts', import.meta.url));

const INVENTORY = `
[DEFAULT]
password = "very secret"
[a]
port = 1
[b]
port = 2
[bad]
port = 70000
[asleep]
port = 3
active = no
[sasl]
port = 4
libvirt_sasl_username = u
libvirt_sasl_password = "also secret"
`;

// Real processes on a machine that may be busy; the deadlines inside the tests matter.
jest.setTimeout(60_000);

interface Daemon {
  readonly process: ChildProcess;
  readonly runDirectory: string;
  readonly stderr: () => string;
  readonly exit: Promise<string>;
}

const running: Daemon[] = [];

function start(inventory: string, directory = temporaryDirectory(), extra: readonly string[] = []): Daemon {
  const inventoryPath = join(directory, 'domains.ini');
  writeFileSync(inventoryPath, inventory, { mode: 0o600 });
  const runDirectory = join(directory, 'run');
  const argv = [
    '--import',
    'tsx',
    PROGRAM,
    '--inventory',
    inventoryPath,
    '--run-dir',
    runDirectory,
    ...extra,
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  const exit = new Promise<string>((resolve) =>
    child.on('close', (code, signal) => {
      resolve(signal ?? String(code));
    }),
  );
  const daemon = { process: child, runDirectory, stderr: () => stderr, exit };
  running.push(daemon);
  return daemon;
}

afterEach(async () => {
  for (const daemon of running.splice(0)) {
    daemon.process.kill('SIGKILL');
    await daemon.exit;
  }
});

type Listings = Readonly<Record<string, BmcListing>>;

/** The listings by name, once `ready` holds for them. */
async function listed(daemon: Daemon, what: string, ready: (bmcs: Listings) => boolean): Promise<Listings> {
  return waitFor(what, async () => {
    try {
      const listings = await fetchListings(daemon.runDirectory);
      const bmcs = Object.fromEntries(listings.map((listing) => [listing.name, listing]));
      return ready(bmcs) ? bmcs : undefined;
    } catch {
      return undefined;
    }
  });
}

function isRunning(bmcs: Listings, ...names: readonly string[]): boolean {
  return names.every((name) => bmcs[name]?.status === 'running');
}

function pidOf(bmcs: Listings, name: string): number {
  return bmcs[name]?.pid ?? 0;
}

test('valid BMCs run, the others are listed, and no secret is in argv, environment or log', async () => {
  const daemon = start(INVENTORY, undefined, ['--log-level', 'debug']);
  const bmcs = await listed(daemon, 'all running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  expect(bmcs).toMatchObject({
    a: { powerState: 'on', domainState: 'running', restarts: 0 },
    bad: { status: 'invalid', reason: expect.stringContaining(':9: [bad] port: 70000') as string },
    asleep: { status: 'stopped', pid: null },
  });
  for (const file of ['cmdline', 'environ']) {
    expect(readFileSync(`/proc/${pidOf(bmcs, 'sasl')}/${file}`, 'latin1')).not.toContain('secret');
  }
  expect(readdirSync(join(daemon.runDirectory, 'auth'))).toHaveLength(1);
  daemon.process.kill('SIGTERM');
  expect(await daemon.exit).toBe('0');
  expect(daemon.stderr()).toContain('a: session opened by "admin" from 192.0.2.7:40000');
  expect(daemon.stderr()).not.toContain('secret');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops all, leaves no process and no file but the lock',
  async (signal) => {
    const daemon = start(INVENTORY);
    const bmcs = await listed(daemon, 'all running', (found) => isRunning(found, 'a', 'b', 'sasl'));
    daemon.process.kill(signal);
    expect(await daemon.exit).toBe('0');
    for (const name of ['a', 'b', 'sasl']) expect(isAlive(pidOf(bmcs, name))).toBe(false);
    expect(readdirSync(daemon.runDirectory)).toEqual(['vbmcd.lock']);
  },
);

test('a second signal does not wait for a worker that does not stop', async () => {
  const daemon = start('[a]\npassword=x\ndomain_name=hang-at-stop\n');
  const bmcs = await listed(daemon, 'running', (found) => isRunning(found, 'a'));
  const signalledAt = performance.now();
  daemon.process.kill('SIGTERM');
  await waitFor('the first signal', () => daemon.stderr().includes('stopping all BMCs'));
  daemon.process.kill('SIGTERM');
  expect(await daemon.exit).toBe('0');
  // The worker was killed before its deadline, and not by it.
  expect(performance.now() - signalledAt).toBeLessThan(STOP_GRACE_MS);
  expect(isAlive(pidOf(bmcs, 'a'))).toBe(false);
});

test('when vbmcd is killed its workers end, and the next vbmcd takes over', async () => {
  const directory = temporaryDirectory();
  const killed = start(INVENTORY, directory);
  const bmcs = await listed(killed, 'all running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  killed.process.kill('SIGKILL');
  await waitFor(
    'the end of all workers',
    () => !['a', 'b', 'sasl'].some((name) => isAlive(pidOf(bmcs, name))),
  );
  expect(await killed.exit).toBe('SIGKILL');
  expect(existsSync(join(killed.runDirectory, 'vbmc.sock'))).toBe(true);

  const next = start(INVENTORY, directory);
  await listed(next, 'all running again', (found) => isRunning(found, 'a', 'b', 'sasl'));
});

test('a killed worker is back at once, a crashing one backs off, and the others keep running', async () => {
  const daemon = start(
    '[DEFAULT]\npassword=x\n[a]\nport=1\n[b]\nport=2\n[c]\nport=3\ndomain_name=crash-at-start\n',
  );
  const before = await listed(daemon, 'running', (found) => isRunning(found, 'a', 'b'));
  process.kill(pidOf(before, 'a'), 'SIGKILL');
  const after = await listed(
    daemon,
    'a restarted, c backing off',
    (found) => isRunning(found, 'a') && found['a']?.restarts === 1 && (found['c']?.restarts ?? 0) > 2,
  );
  expect(pidOf(after, 'a')).not.toBe(pidOf(before, 'a'));
  expect(after['b']).toEqual(before['b']);
  const backingOff = await listed(daemon, 'backing off', (found) => found['c']?.status === 'backingOff');
  expect(backingOff['c']?.reason).toMatch(
    /^worker ended with exit code 1: TypeError: crashed as told \(next/,
  );
  expect(daemon.stderr()).toContain('a: worker ended by SIGKILL; restarting at once');
});

test('a socket that cannot be bound is listed with its cause', async () => {
  const daemon = start('[a]\npassword=x\nport=6230\ndomain_name=fail-to-bind\n');
  const bmcs = await listed(daemon, 'bind failed', (found) => found['a']?.status === 'bindFailed');
  expect(bmcs['a']?.reason).toContain('port 6230/udp is in use by another process');
});

test('a worker that gives no power state delays the list only a little', async () => {
  const daemon = start('[DEFAULT]\npassword=x\n[a]\nport=1\n[m]\nport=2\ndomain_name=mute\n');
  const bmcs = await listed(daemon, 'running', (found) => isRunning(found, 'a', 'm'));
  expect([bmcs['a']?.powerState, bmcs['m']?.powerState]).toEqual(['on', 'unknown']);
});

test('a second vbmcd on the same run directory is refused, and the first keeps running', async () => {
  const directory = temporaryDirectory();
  const first = start(INVENTORY, directory);
  const before = await listed(first, 'running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  const second = start(INVENTORY, directory);
  expect(await second.exit).toBe('1');
  const owner = `pid ${String(first.process.pid)}`;
  expect(second.stderr()).toContain(
    `error another vbmcd (${owner}) is running on ${first.runDirectory}: stop it first`,
  );
  expect(await fetchListings(first.runDirectory)).toEqual(Object.values(before));
  expect(readdirSync(join(first.runDirectory, 'auth'))).toHaveLength(1);
});

test('an inventory that cannot be read is one line and exit code 1', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'x'));
  const daemon = start('', directory, ['--inventory', join(directory, 'x'), '--log-format', 'json']);
  expect(await daemon.exit).toBe('1');
  expect(JSON.parse(daemon.stderr())).toMatchObject({
    level: 'error',
    message: expect.stringContaining('/x is not a file') as string,
    timestamp: expect.any(String) as string,
  });
});

test('SIGHUP reloads; an inventory with an error changes nothing', async () => {
  const directory = temporaryDirectory();
  const daemon = start('[DEFAULT]\npassword=x\n[a]\nport=1\n[b]\nport=2\n', directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, 'a', 'b'));
  const rewrite = (text: string): void => {
    writeFileSync(join(directory, 'domains.ini'), `[DEFAULT]\npassword=x\n${text}`, { mode: 0o600 });
    daemon.process.kill('SIGHUP');
  };
  rewrite('[a]\nport=1\n[c]\nport=3x\n');
  await waitFor('the refusal', () => daemon.stderr().includes('errors: 1'));
  expect(await listed(daemon, 'all as before', () => true)).toEqual(before);

  rewrite('[a]\nport=1\n[c]\nport=3\n');
  const after = await listed(daemon, 'c instead of b', (found) => isRunning(found, 'c') && !('b' in found));
  expect(after['a']).toEqual(before['a']);
  expect(isAlive(pidOf(before, 'b'))).toBe(false);
  await waitFor('the report', () => daemon.stderr().includes('1 added, 1 removed, 1 unchanged'));
});

test('events are followed; metrics are served on the socket and on metrics_listen', async () => {
  const [port] = [20_000 + (process.pid % 10_000)];
  const daemon = start(`[vbmc]\nmetrics_listen = 127.0.0.1:${port}\n[a]\npassword=x\nport=1\n`);
  await listed(daemon, 'running', (found) => isRunning(found, 'a'));
  const lines: string[] = [];
  const following = followLines(daemon.runDirectory, '/v1/events?follow=1', (line) => lines.push(line));
  const kinds = (): string[] => lines.map((line) => (JSON.parse(line) as EventRecord).event);
  await waitFor('the past', () => kinds().includes('bmcReady'));
  const { body } = await exchange(daemon.runDirectory, 'GET', '/metrics');
  expect(body).toContain('vbmc_bmc_up{bmc="a"} 1\n');
  const scraped = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await scraped.text()).toContain('vbmc_sessions_opened_total{bmc="a"} 1\n');
  expect((await fetch(`http://127.0.0.1:${port}/v1/bmcs`)).status).toBe(404);
  await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  await waitFor('the event', () => kinds().includes('reloaded'));
  daemon.process.kill('SIGTERM');
  await following;
  expect(await daemon.exit).toBe('0');
});

test('clients that send nothing or read nothing do not disturb others', async () => {
  const daemon = start('[a]\npassword=x\nport=1\n');
  await listed(daemon, 'running', (found) => isRunning(found, 'a'));
  const silent = Array.from({ length: 100 }, () => connect(join(daemon.runDirectory, 'vbmc.sock')));
  const closed = silent.map(async (socket) => once(socket.on('error', () => undefined).resume(), 'close'));
  expect(await fetchListings(daemon.runDirectory)).toHaveLength(1);
  await Promise.all(closed);
});

test('a reload that would remove most BMCs is refused unless it is meant', async () => {
  const directory = temporaryDirectory();
  const section = (name: string, index: number): string => `[${name}]\npassword=x\nport=${index + 1}\n`;
  const all = ['a', 'b', 'c', 'd', 'e'];
  const daemon = start(all.map(section).join(''), directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, ...all));
  const reload = async (
    text: string,
    query = '',
  ): Promise<{ readonly status: number; readonly body: string }> => {
    writeFileSync(join(directory, 'domains.ini'), text, { mode: 0o600 });
    return exchange(daemon.runDirectory, 'POST', `/v1/reload${query}`);
  };
  const remedy = 'if that is meant: vbmc reload --allow-removal, or allow_removal = yes in [vbmc]';

  const empty = await reload('');
  expect(empty.status).toBe(422);
  expect(empty.body).toContain(`would remove 5 of 5 BMCs (a, b, c, d, e): ${remedy}`);
  expect((await reload(all.slice(0, 2).map(section).join(''))).body).toContain(
    'would remove 3 of 5 BMCs (c, d, e)',
  );
  daemon.process.kill('SIGHUP');
  await waitFor('the third refusal', () => daemon.stderr().split(`BMCs (c, d, e): ${remedy}`).length === 3);
  expect(await listed(daemon, 'all as before', () => true)).toEqual(before);

  // What `vbmc delete` has removed does not count.
  expect((await reload(all.slice(0, 2).map(section).join(''), '?removes=c&removes=d&removes=e')).status).toBe(
    200,
  );
  expect((await reload('[vbmc]\nallow_removal = no\n')).status).toBe(422);
  expect((await reload('', '?allow_removal=1')).status).toBe(200);
  expect((await reload(section('a', 0))).status).toBe(200);
  expect((await reload('[vbmc]\nallow_removal = yes\n')).status).toBe(200);
  expect(await fetchListings(daemon.runDirectory)).toEqual([]);
});

test('a FIFO among the files does not hold up reload and SIGTERM', async () => {
  const directory = temporaryDirectory();
  const daemon = start('[a]\npassword=x\nport=1\n', directory);
  await listed(daemon, 'running', (found) => isRunning(found, 'a'));
  mkdirSync(join(directory, 'domains.d'));
  execFileSync('mkfifo', [join(directory, 'domains.d', 'x.ini')]);
  const { status, body } = await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  expect(status).toBe(422);
  expect(body).toContain('x.ini is not a file');
  daemon.process.kill('SIGTERM');
  expect(await daemon.exit).toBe('0');
});
