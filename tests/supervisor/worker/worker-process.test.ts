import { jest } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import type { BmcConfiguration } from '#worker/ipc/protocol.ts';
import { parentDeathPrefix, type ParentDeath } from '#worker/libvirt/parent-death.ts';
import { systemClock } from '#supervisor/host/clock.ts';
import type { ChannelViolation } from '#supervisor/status/channel-violation.ts';
import type { ProcessEnd } from '#supervisor/worker/crash-cause.ts';
import { workerStarter, type WorkerProcess } from '#supervisor/worker/worker-process.ts';
import { isAlive } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';

// Real processes on a machine that may be busy; the deadlines inside the tests matter.
jest.setTimeout(60_000);

const ENTRY_FILE = fileURLToPath(new URL('../../fixtures/bin/fixture-worker.mjs', import.meta.url));

interface Started {
  readonly worker: WorkerProcess;
  readonly messages: unknown[];
  readonly violations: ChannelViolation[];
  readonly lines: string[];
  readonly ends: (ProcessEnd & { startFailure?: string })[];
}

const all: WorkerProcess[] = [];

// vbmcd does so before it starts its first worker.
beforeEach(() => parentDeathPrefix());

function start(behaviour: string, program = ENTRY_FILE, parentDeath?: () => ParentDeath): Started {
  const [messages, lines, ends]: [unknown[], string[], Started['ends']] = [[], [], []];
  const violations: ChannelViolation[] = [];
  const startWorker = workerStarter(program, { PATH: process.env['PATH'], SECRET: 'x' }, systemClock, {
    ...(parentDeath && { parentDeath }),
  });
  const worker = startWorker('node-0', {
    message: (message) => messages.push(message),
    brokeRule: (violation) => violations.push(violation),
    outputLine: (_, line) => lines.push(line),
    exited: (end, startFailure) => ends.push({ ...end, ...(startFailure !== undefined && { startFailure }) }),
  });
  all.push(worker);
  const configuration: BmcConfiguration = {
    name: 'node-0',
    domainName: behaviour,
    address: '::',
    port: 623,
    connectionUri: 'test:///default',
    cipherSuites: [17, 3],
    users: [{ name: 'admin', password: 'x', privilege: 'administrator' }],
  };
  worker.send({ type: 'configure', configuration });
  return { worker, messages, violations, lines, ends };
}

afterEach(() => {
  for (const worker of all.splice(0)) worker.kill();
});

async function firstEnd({ ends }: Started): Promise<Started['ends'][number]> {
  return waitFor('end', () => ends[0]);
}

test('messages pass both ways, and a stop ends the worker', async () => {
  const started = start('');
  await waitFor('ready', () => started.messages[0]);
  expect(started.messages[0]).toEqual({ type: 'ready', address: '::', port: 623 });
  started.worker.send({ type: 'stop' });
  expect(await firstEnd(started)).toEqual({ code: 0, signal: null });
  started.worker.send({ type: 'stop' });
  started.worker.kill();
  expect(started.ends).toHaveLength(1);
});

test('a crash is reported after its last line', async () => {
  const started = start('crash-at-start');
  expect(await firstEnd(started)).toEqual({ code: 1, signal: null });
  expect(started.lines).toContain('TypeError: crashed as told');
});

test('kill ends a worker that ignores a stop', async () => {
  const started = start('hang-at-stop');
  await waitFor('ready', () => started.messages[0]);
  started.worker.send({ type: 'stop' });
  started.worker.kill();
  expect(await firstEnd(started)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a child of a worker ends with it, and does not delay the report of its end', async () => {
  const started = start('leave-child');
  const pid = await waitFor('the child', () => /^child (\d+)$/.exec(started.lines[0] ?? '')?.[1]);
  expect(isAlive(Number(pid))).toBe(true);
  process.kill(started.worker.pid ?? 0, 'SIGKILL');
  await firstEnd(started);
  await waitFor('the end of the child', () => !isAlive(Number(pid)));
});

test('a program that does not exist ends at once', async () => {
  const started = start('', '/nonexistent/worker.js');
  expect(await firstEnd(started)).toEqual({ code: 1, signal: null });
  expect(started.lines.join('\n')).toContain('Cannot find module');
});

test('a worker that breaks a rule is not heard any more', async () => {
  const started = start('hostile garbage');
  const violation = await waitFor('the violation', () => started.violations[0]);
  expect(violation).toEqual({
    kind: 'notJson',
    cause: 'worker sent a line that is not JSON: "this is not JSON"',
  });
  // It notices that its channel is closed.
  expect(await firstEnd(started)).toEqual({ code: 0, signal: null });
  expect(started.violations).toHaveLength(1);
});

test('what waits for a worker that does not read is limited', async () => {
  const started = start('deaf');
  await waitFor('ready', () => started.messages[0]);
  const cause = 'x'.repeat(100_000);
  for (let count = 0; count < 1_000 && started.violations.length === 0; count += 1) {
    started.worker.send({ type: 'powerUp', cause });
  }
  expect(started.violations).toEqual([{ kind: 'unread', cause: 'worker does not read what vbmcd sends' }]);
});

test('a worker starts without setpriv too', async () => {
  const started = start('', ENTRY_FILE, () => ({ prefix: [] }));
  await waitFor('ready', () => started.messages[0]);
});

test('while a shortage hides whether there is a setpriv, no worker starts', async () => {
  const started = start('', ENTRY_FILE, () => ({ code: 'ENOMEM' }));
  expect(started.worker.pid).toBeUndefined();
  expect(await firstEnd(started)).toEqual({ code: null, signal: null, startFailure: 'ENOMEM' });
});

test('a setpriv that has gone fails one start, and is looked for again', async () => {
  const gone = start('', ENTRY_FILE, () => ({ prefix: ['/nonexistent/setpriv'] }));
  expect((await firstEnd(gone)).startFailure).toContain('ENOENT');
  expect((await firstEnd(start(''))).startFailure).toBe('ENOENT');
  await parentDeathPrefix();
  const started = start('');
  await waitFor('ready', () => started.messages[0]);
});
