/** The real standard output of the real `vbmc`, which a test spoils: every verb ends, with one line at most. */
import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlSocketPath } from '#supervisor/host/run-directory.ts';
import { vbmcProgram } from '#supervisor/vbmc-program.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

jest.setTimeout(120_000);

const VBMC = fileURLToPath(new URL('../../../packages/supervisor/src/vbmc.ts', import.meta.url));

interface Ended {
  readonly exitCode: number | null;
  readonly problems: string;
}

/** `stdout`: a descriptor, or `pipe` for a reader that goes away at once. */
async function run(stdout: number | 'pipe', ...argv: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', VBMC, ...argv], {
    stdio: ['ignore', stdout, 'pipe'],
  });
  child.stdout?.destroy();
  let problems = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (problems += text));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, problems };
}

const verbs = 'commands' in vbmcProgram.does ? vbmcProgram.does.commands.map(({ name }) => name) : [];

test.each(verbs)('vbmc %s --help', async (verb) => {
  const [full, gone] = await Promise.all([
    run(openSync('/dev/full', 'w'), verb, '--help'),
    run('pipe', verb, '--help'),
  ]);
  expect(full).toEqual({
    exitCode: 1,
    problems: 'vbmc: cannot write to standard output: the disk is full: free some space on it\n',
  });
  expect(gone).toEqual({ exitCode: 0, problems: '' });
});

const event = {
  number: 1,
  at: '2026-01-01T00:00:00.000Z',
  level: 'info',
  bmc: 'a',
  event: 'x',
  message: 'm',
};

test.each([
  ['list'],
  ['list', '--json'],
  ['list', '--watch'],
  ['list', '--watch', '--json'],
  ['events'],
  ['validate'],
])('vbmc %s %s', async (...argv) => {
  const runDirectory = join(temporaryDirectory(), 'run');
  const inventoryPath = join(temporaryDirectory(), 'domains.ini');
  writeFileSync(inventoryPath, '[a]\n', { mode: 0o600 });
  await scriptedDaemon(runDirectory, {
    'GET /v1/bmcs': { body: { bmcs: [runningListing] } },
    'GET /v1/events?limit=50': { body: { events: [event] } },
    'GET /v1/status': { body: { inventoryPath } },
  });
  const full = await run(openSync('/dev/full', 'w'), '--run-dir', runDirectory, ...argv);
  expect(full.problems).toContain('vbmc: cannot write to standard output: the disk is full');
  expect(full.exitCode).toBe(1);
  const gone = await run('pipe', '--run-dir', runDirectory, ...argv);
  expect(gone.problems).not.toContain('EPIPE');
  expect(gone.problems.split('\n').length).toBeLessThan(3);
});

test('vbmc events --follow ends with its reader', async () => {
  const runDirectory = temporaryDirectory();
  const server = createServer((_, response) => {
    const timer = setInterval(() => response.write(`${JSON.stringify(event)}\n`), 50);
    response.on('close', () => {
      clearInterval(timer);
    });
  }).listen(controlSocketPath(runDirectory));
  const argv = ['--run-dir', runDirectory, 'events', '--follow'];
  expect(await run('pipe', ...argv)).toEqual({ exitCode: 0, problems: '' });
  expect((await run(openSync('/dev/full', 'w'), ...argv)).exitCode).toBe(1);
  server.close();
});
