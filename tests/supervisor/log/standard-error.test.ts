/** The real standard error of a real process, which a test spoils. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { waitFor } from '#support/wait-for.ts';
import type { LineStream } from '#supervisor/log/standard-error.ts';
import { createEventLog } from '#supervisor/control/event-log.ts';
import { systemClock } from '#supervisor/host/clock.ts';

const SOURCES = new URL('../../../packages/supervisor/src/', import.meta.url).href;

/** Logs 100 lines of 1 kB when it gets a line on standard input, and prints how many were dropped. */
const SCRIPT = `
  import { createInterface } from 'node:readline';
  import { createEventLog } from '${SOURCES}control/event-log.ts';
  import { systemClock } from '${SOURCES}host/clock.ts';
  const { log, droppedLines } = createEventLog('info', 'journal', systemClock);
  createInterface({ input: process.stdin }).on('line', async () => {
    for (let line = 0; line < 100; line += 1) log('info', 'x'.repeat(1000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(droppedLines());
  });
  console.log('up');`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(stderr: 'pipe' | number) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], {
    stdio: ['pipe', 'pipe', stderr],
  });
  children.push(child);
  const told: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => told.push(...text.trim().split('\n')));
  const dropped = async (): Promise<number> => {
    const before = told.length;
    child.stdin?.write('\n');
    return Number(await waitFor('its answer', () => told[before]));
  };
  return { child, dropped, up: () => waitFor('the process', () => told[0]) };
}

test('a full disk: lines are dropped and counted', async () => {
  const { dropped, up } = start(openSync('/dev/full', 'w'));
  await up();
  expect(await dropped()).toBe(100);
  expect(await dropped()).toBe(200);
});

test('a reader that has gone: lines are dropped and counted', async () => {
  const { child, dropped, up } = start('pipe');
  await up();
  expect(await dropped()).toBe(0);
  child.stderr?.destroy();
  await once(child.stderr ?? child, 'close');
  expect(await dropped()).toBe(100);
  expect(await dropped()).toBe(200);
});

test('a reader that reads nothing costs at most a megabyte', async () => {
  const { child, dropped, up } = start('pipe');
  await up();
  child.stderr?.pause();
  for (let round = 0; round < 15; round += 1) await dropped();
  expect(await dropped()).toBeGreaterThan(200);
  let text = '';
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (piece: string) => (text += piece))
    .resume();
  expect(
    await waitFor('the notice', () => /<4>standard error could not be written: \d+ lines/.exec(text)?.[0]),
  ).toBeTruthy();
});

/** Takes lines, or fails with the error that it is given. */
function spoiltStream() {
  const written: string[] = [];
  const state: { error: Error | undefined } = { error: undefined };
  const stream = {
    writableLength: 0,
    on: () => stream,
    write: (line: string, done: (error?: Error | null) => void) => {
      if (state.error === undefined) written.push(line.replace(/^\S+ /, '').trim());
      done(state.error);
      return true;
    },
  };
  return { stream: stream as unknown as LineStream, written, state };
}

test('when lines can be written again, one says how many are missing', () => {
  const { stream, written, state } = spoiltStream();
  const { log, events, droppedLines } = createEventLog('info', 'text', systemClock, stream);
  log('info', 'first');
  state.error = new Error('ENOSPC');
  for (const message of ['second', 'third']) log('info', message);
  state.error = undefined;
  for (const message of ['fourth', 'fifth']) log('info', message);
  expect(written).toEqual([
    'info  first',
    'info  fourth',
    'warn  standard error could not be written: 2 lines of this log were dropped',
    'info  fifth',
  ]);
  expect(droppedLines()).toBe(2);
  // They outlive a log that nobody can read.
  expect(events.recent({ since: 0, kinds: [] }, 10).map(({ event }) => event)).toEqual([
    'logUnwritable',
    'logLinesDropped',
  ]);
});
