import { jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { isAlive } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** The real vbmcd and the real vbmc; only the worker's program is replaced. */
const PROGRAM = fileURLToPath(new URL('../fixtures/bin/vbmcd-with-fixture-worker.ts', import.meta.url));

// Real processes on a machine that may be busy; the tests have shorter deadlines of their own.
jest.setTimeout(60_000);

let daemon: ChildProcess | undefined;

afterEach(async () => {
  const child = daemon;
  if (child?.exitCode !== null) return;
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await ended;
});

interface Operator {
  readonly vbmc: (...argv: string[]) => Promise<Run>;
  readonly bmc: (name: string) => Promise<BmcListing | undefined>;
  readonly inventory: () => string;
}

/** Starts vbmcd with this inventory, and returns functions that an operator would use. */
async function operatorOf(text: string): Promise<Operator> {
  const directory = temporaryDirectory();
  const path = join(directory, 'domains.ini');
  const runDirectory = join(directory, 'run');
  writeFileSync(path, text, { mode: 0o600 });
  const argv = ['--import', 'tsx', PROGRAM, '--foreground', '--inventory', path, '--run-dir', runDirectory];
  daemon = spawn(process.execPath, argv, { stdio: 'ignore' });
  const vbmc = async (...words: string[]): Promise<Run> => runVbmc(['--run-dir', runDirectory, ...words]);
  await waitFor('vbmcd is up', async () => (await vbmc('list')).exitCode === 0);
  return {
    vbmc,
    inventory: () => readFileSync(path, 'utf8'),
    bmc: async (name) => {
      const { results } = await vbmc('list', '--json');
      return (JSON.parse(results) as BmcListing[]).find((listing) => listing.name === name);
    },
  };
}

const uri = ['--libvirt-uri', 'test:///default'];

test('add, start, stop and delete change the inventory and the worker, but not the other BMC', async () => {
  const before = '; ours\n[neighbour]\npassword = x\nport = 6229\n';
  const { vbmc, bmc, inventory } = await operatorOf(before);
  const neighbour = await waitFor('neighbour runs', async () => {
    const listing = await bmc('neighbour');
    return listing?.status === 'running' ? listing : undefined;
  });

  expect(await vbmc('add', 'test', '--port', '6230', '--password', 'a;b', ...uri)).toEqual({
    exitCode: 0,
    results: '',
    problems: '',
  });
  expect(await bmc('test')).toMatchObject({ status: 'stopped', port: 6230, pid: null });

  expect(await vbmc('start', 'test')).toEqual({ exitCode: 0, results: '', problems: '' });
  const started = await bmc('test');
  expect(started).toMatchObject({ status: 'running', powerState: 'on' });

  expect(await vbmc('stop', 'test')).toEqual({ exitCode: 0, results: '', problems: '' });
  expect(await bmc('test')).toMatchObject({ status: 'stopped', pid: null });
  expect(isAlive(started?.pid ?? 0)).toBe(false);

  expect(await vbmc('delete', 'test')).toEqual({ exitCode: 0, results: '', problems: '' });
  expect(await bmc('test')).toBeUndefined();
  expect(inventory()).toBe(`${before}\n`);
  expect((await bmc('neighbour'))?.pid).toBe(neighbour.pid);
});

test('a start that cannot bind prints the cause, and has an exit code of its own', async () => {
  const { vbmc } = await operatorOf('[a]\npassword=x\ndomain_name=fail-to-bind\nactive=no\n');
  const { exitCode, problems } = await vbmc('start', 'a');
  expect(exitCode).toBe(6);
  expect(problems).toMatch(/^vbmc: a is bindFailed: port 623\/udp .*is in use/);
});

test('with errors in the inventory vbmcd changes nothing, and all errors are printed', async () => {
  const { vbmc, bmc } = await operatorOf('[a]\npassword=x\nport=1\n[bad]\nport=x\nactive=maybe\n');
  const { exitCode, problems } = await vbmc('stop', 'a');
  expect(exitCode).toBe(5);
  expect(problems).toContain(':5: [bad] password: a BMC needs a password');
  expect(problems).toContain(':6: [bad] port: x is not a UDP port');
  expect(problems).toContain(':7: [bad] active: maybe is neither yes nor no');
  expect((await bmc('a'))?.status).toBe('running');
});

test('a name that does not exist is an error that says what exists', async () => {
  const { vbmc } = await operatorOf('[a]\npassword=x\nport=1\n[b]\npassword=x\nport=2\nactive=no\n');
  for (const line of [
    ...['events nosuch', 'events --bmc nosuch', 'events nosuch --follow', 'events a,b', 'show nosuch'],
    ...['sessions nosuch', 'sessions nosuch --close 1', 'start nosuch', 'stop a nosuch', 'delete nosuch'],
    'export csv nosuch',
  ]) {
    const name = line.includes('a,b') ? 'a,b' : 'nosuch';
    expect({ line, ...(await vbmc(...line.split(' '))) }).toEqual({
      line,
      exitCode: 1,
      results: '',
      problems: `vbmc: No domain with matching name ${name} was found: the inventory has no such BMC: its 2 BMCs are a, b (vbmc list shows all)\n`,
    });
  }
  for (const argv of [
    ['show', ''],
    ['events', ''],
    ['sessions', ''],
  ]) {
    expect((await vbmc(...argv)).problems).toContain(
      'No domain with matching name "" was found: the inventory has no such BMC: its 2 BMCs are a, b',
    );
  }
  for (const kind of ['nosuch', 'reloaded,nosuch', '', 'reloaded,']) {
    const { exitCode, problems, results } = await vbmc('events', '--kind', kind);
    expect([kind, exitCode, results]).toEqual([kind, 2, '']);
    expect(problems).toMatch(/^vbmc: --kind: (nosuch|nothing) is no kind of event: the kinds are .*reloaded/);
  }
});

test('the events of a BMC that was deleted can still be read', async () => {
  const { vbmc } = await operatorOf('[a]\npassword=x\nport=1\n[b]\npassword=x\nport=2\n');
  await waitFor('a runs', async () => (await vbmc('events', 'a', '--kind', 'bmcReady')).results !== '');
  expect(await vbmc('delete', 'a')).toMatchObject({ exitCode: 0 });
  expect((await vbmc('events', 'a')).results).toContain('a: ');
  expect(await vbmc('events', 'b', '--kind', 'channelViolation')).toEqual({
    exitCode: 0,
    results: '',
    problems: '',
  });
});
