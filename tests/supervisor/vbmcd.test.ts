import { jest } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { exchange, fetchListings } from '#supervisor/cli/control-client.ts';
import { followLines } from '#supervisor/cli/follow-lines.ts';
import type { EventRecord } from '#supervisor/control/event-record.ts';
import { isAlive } from '#support/processes.ts';
import { isRunning, listed, pidOf, start } from '#support/supervisor/real-daemon.ts';
import { waitFor } from '#support/wait-for.ts';
import { STOP_GRACE_MS } from '#supervisor/supervision/supervision-times.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

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

test('a second vbmcd with another run directory does not get the same state directory', async () => {
  const stateDirectory = join(temporaryDirectory(), 'state');
  const first = start(INVENTORY, undefined, ['--state-dir', stateDirectory]);
  await listed(first, 'all running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  const second = start('[c]\npassword=x\nport=5\n', undefined, ['--state-dir', stateDirectory]);
  expect(await second.exit).toBe('1');
  const owner = `another vbmcd (pid ${first.process.pid ?? 0}) uses the state directory ${stateDirectory}`;
  expect(second.stderr()).toContain(owner);
});

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

test('a bug of vbmcd is told, and ends no BMC; one that does not go away ends vbmcd', async () => {
  const daemon = start('[DEFAULT]\npassword=x\n[a]\nport=1\n[b]\nport=2\n');
  const before = await listed(daemon, 'running', (found) => isRunning(found, 'a', 'b'));
  const toldBugs = (): number => daemon.stderr().split(' error this is a bug of vbmcd').length - 1;
  for (const told of [1, 2]) {
    daemon.process.kill('SIGUSR2');
    await waitFor('the bug to be told', () => toldBugs() === told);
  }
  expect(daemon.stderr()).toMatch(/please report it: TypeError: a callback as told at [^\n]+\n/);
  expect(daemon.stderr()).toMatch(/please report it: TypeError: a promise as told at [^\n]+\n/);
  expect(await listed(daemon, 'all as before', () => true)).toEqual(before);
  const { body } = await exchange(daemon.runDirectory, 'GET', '/metrics');
  expect(body).toContain('vbmc_internal_errors_total 2\n');
  // On a slow machine more than five bugs fit into the budget.
  await waitFor('the end of vbmcd', () => {
    daemon.process.kill('SIGUSR2');
    return daemon.process.exitCode !== null;
  });
  expect(await daemon.exit).toBe('1');
  expect(toldBugs()).toBeGreaterThan(4);
  expect(daemon.stderr()).toContain('more than 5 bugs in a short time: vbmcd ends');
  await waitFor('the end of the workers', () => !isAlive(pidOf(before, 'a')) && !isAlive(pidOf(before, 'b')));
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

test('a log that nobody can read any more is told in the events', async () => {
  const daemon = start(INVENTORY);
  await listed(daemon, 'running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  daemon.process.stderr?.destroy();
  await exchange(daemon.runDirectory, 'POST', '/v1/reload');
  const { body } = await exchange(daemon.runDirectory, 'GET', '/v1/events');
  const { events } = JSON.parse(body) as { events: readonly EventRecord[] };
  const lost = events.filter(({ event }) => event === 'logUnwritable');
  expect(lost).toMatchObject([{ level: 'error', bmc: null }]);
  expect(events.find(({ event }) => event === 'reloadRejected')?.message).toMatch(
    /nothing was changed: .*: \[bad\] port: 70000 is not a UDP port/,
  );
});

test('a run directory that is removed while vbmcd runs is made anew; nobody else can take it', async () => {
  const directory = temporaryDirectory();
  const daemon = start(INVENTORY, directory);
  const before = await listed(daemon, 'running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  const credentials = readdirSync(join(daemon.runDirectory, 'auth'));
  rmSync(daemon.runDirectory, { recursive: true });
  expect(await listed(daemon, 'the same workers', () => true)).toEqual(before);
  expect(readdirSync(join(daemon.runDirectory, 'auth'))).toEqual(credentials);
  const second = start(INVENTORY, directory);
  expect(await second.exit).toBe('1');
  expect(second.stderr()).toContain(`another vbmcd (pid ${String(daemon.process.pid)}) is running`);
  daemon.process.kill('SIGTERM');
  expect(await daemon.exit).toBe('0');
});

test('a run directory that another vbmcd takes after its removal is left to it', async () => {
  const directory = temporaryDirectory();
  const first = start(INVENTORY, directory);
  await listed(first, 'running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  // Before the first looks again: it stands still.
  first.process.kill('SIGSTOP');
  rmSync(first.runDirectory, { recursive: true });
  // Its state directory is locked likewise.
  const second = start(INVENTORY, directory, ['--state-dir', join(directory, 'other-state')]);
  await waitFor('the second', () => second.stderr().includes('vbmcd is up'));
  first.process.kill('SIGCONT');
  expect(await first.exit).toBe('1');
  const owner = `another vbmcd (pid ${String(second.process.pid)}) is running on ${first.runDirectory}`;
  expect(first.stderr()).toContain(`error ${owner}, which another program has removed meanwhile: stopping`);
  // The fixture's workers bind no ports.
  const after = await listed(second, 'running', (found) => isRunning(found, 'a', 'b', 'sasl'));
  expect(await fetchListings(first.runDirectory)).toEqual(Object.values(after));
  expect(readdirSync(join(second.runDirectory, 'auth'))).toHaveLength(1);
});

test('of two vbmcd that start at once one is up, and the other names it and fails', async () => {
  for (let round = 0; round < 3; round += 1) {
    const directory = temporaryDirectory();
    const both = [start(INVENTORY, directory), start(INVENTORY, directory)];
    const [loser, exit] = await Promise.race(
      both.map(async (daemon) => [daemon, await daemon.exit] as const),
    );
    const winner = both.find((daemon) => daemon !== loser);
    const owner = `another vbmcd (pid ${String(winner?.process.pid)}) is running on`;
    expect([exit, loser.stderr()]).toEqual(['1', expect.stringContaining(owner)]);
    await waitFor('the winner', () => winner?.stderr().includes('vbmcd is up'));
    winner?.process.kill('SIGTERM');
    expect(await winner?.exit).toBe('0');
  }
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
