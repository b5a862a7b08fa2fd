/** Consoles of a virsh that misbehaves; `script`, `setsid` and `setpriv` are the real ones. */
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runningProcesses, type ProcessEntry } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';
import { openConsole } from '#worker/console/open-console.ts';
import type { ConsoleEnd, ConsoleStream } from '#worker/console/console-stream.ts';
import { KeptWay } from '#worker/libvirt/kept-way.ts';
import type { VirshResult } from '#worker/libvirt/virsh.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/console', import.meta.url));
const PATH = process.env['PATH'];

beforeAll(() => {
  process.env['PATH'] = `${FIXTURES}${delimiter}${PATH ?? ''}`;
});
afterAll(() => {
  process.env['PATH'] = PATH;
});
afterEach(async () => {
  for (const { stream } of held.splice(0)) stream.close();
  await waitFor('all processes to end', () => {
    const left = processesOf();
    if (left.length > 0) throw new Error(JSON.stringify(left));
    return true;
  });
});

/** The `script` of this process, and what it has started. */
function processesOf(): ProcessEntry[] {
  const all = runningProcesses();
  const below = (parent: number): ProcessEntry[] =>
    all.filter(({ parentPid }) => parentPid === parent).flatMap((entry) => [entry, ...below(entry.pid)]);
  return all
    .filter(({ parentPid, commandLine }) => parentPid === process.pid && commandLine.includes('-qfec'))
    .flatMap((entry) => [entry, ...below(entry.pid)]);
}

interface Held {
  readonly stream: ConsoleStream;
  /** What has been called, in order; `data` without its bytes. */
  readonly calls: string[];
  readonly pieces: Buffer[];
  end?: { readonly reason: ConsoleEnd; readonly text: string };
}
const held: Held[] = [];

function open(
  behaviour: string,
  options: { domain?: string; device?: string; force?: boolean; keptWay?: KeptWay } = {},
): Held {
  const { domain = 'node-0', device, force = false, keptWay } = options;
  const virsh = async (): Promise<VirshResult> => Promise.resolve({ ok: true, stdout: 'running (booted)\n' });
  const calls: string[] = [];
  const pieces: Buffer[] = [];
  const one: Held = {
    calls,
    pieces,
    stream: openConsole(
      { domain, device, force, connectionUri: behaviour, keptWay, virsh },
      {
        opened: () => calls.push('opened'),
        data: (bytes) => {
          if (calls.at(-1) !== 'data') calls.push('data');
          pieces.push(Buffer.from(bytes));
        },
        drained: () => calls.push('drained'),
        ended: (reason, text) => {
          calls.push('ended');
          one.end = { reason, text };
        },
      },
    ),
  };
  held.push(one);
  return one;
}

function opened(one: Held): Promise<unknown> {
  return waitFor('the console to open', () => one.calls.includes('opened'));
}
function ended(one: Held): Promise<unknown> {
  return waitFor('the console to end', () => one.end);
}
function says(one: Held, text: string | Buffer): Promise<unknown> {
  return waitFor('the console to say so', () => {
    const all = Buffer.concat(one.pieces);
    if (!all.includes(text)) throw new Error(all.toString('latin1'));
    return true;
  });
}

test('what is typed before the console is open arrives, and nothing is called before there is a stream', async () => {
  const one = open('echo');
  expect(one.stream.write(Buffer.from('early'))).toBe(5);
  expect(one.calls).toEqual([]);
  await says(one, 'early');
  expect(one.calls).toEqual(['opened', 'data']);
  one.stream.close();
  expect(await ended(one)).toEqual({ reason: 'closed', text: '' });
  expect(one.stream.write(Buffer.from('late'))).toBe(0);
});

test('names reach virsh as they are', async () => {
  const domain = `--help "$(touch x)' \\ \`id\`; é \u{1F600} \t$HOME`;
  const device = '$(id) "';
  const one = open('arguments', { domain, device, force: true });
  await says(one, `<console><--domain><${domain}><--devname><${device}><--force>`);
  const plain = open('arguments');
  await says(plain, '<-e><');
  expect(Buffer.concat(plain.pieces).toString('latin1')).toBe(
    '<-e><\xff><-c><arguments><console><--domain><node-0>',
  );
});

test('of a flood all is handed on in pieces of at most 64 KiB, and it can be ended', async () => {
  const one = open('flood');
  await waitFor('3 MB', () => one.pieces.reduce((sum, piece) => sum + piece.length, 0) > 3_000_000);
  expect(Math.max(...one.pieces.map((piece) => piece.length))).toBeLessThanOrEqual(65_536);
  one.stream.close();
  expect(await ended(one)).toMatchObject({ reason: 'closed' });
});

test('bytes without a banner are no console', async () => {
  const one = open('endless');
  expect(await ended(one)).toEqual({ reason: 'failed', text: 'virsh console has printed no banner' });
  expect(one.calls).toEqual(['ended']);
});

test('a virsh that waits for libvirt for ever ends with its console', async () => {
  const one = open('silent');
  const running = await waitFor('the virsh', () => {
    const found = processesOf();
    return found.length === 3 ? found : undefined;
  });
  one.stream.close();
  expect(await ended(one)).toMatchObject({ reason: 'closed' });
  const pids = new Set(running.map(({ pid }) => pid));
  await waitFor('them to end', () => !runningProcesses().some(({ pid }) => pids.has(pid)));
});

test('at a guest that reads nothing, typing is slow, and the kernel bounds who keeps it', async () => {
  const one = open('deaf');
  await opened(one);
  const offered = Buffer.alloc(16_384, 0x61);
  const begin = performance.now();
  let taken = 0;
  while (performance.now() < begin + 1_000) {
    taken += one.stream.write(offered);
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  expect(taken).toBeGreaterThan(4_096);
  expect(taken).toBeLessThan(2 * 4_096 + 32 * (performance.now() - begin));
  const limits = processesOf().map(({ pid }) => readFileSync(`/proc/${pid}/limits`, 'latin1'));
  const bytes = limits.map((text) => Number(/^Max data size +(\d+)/m.exec(text)?.[1]));
  // script, setsid, and `sleep` in the place of virsh.
  expect(bytes).toEqual([8_388_608, 33_554_432, 33_554_432]);
});

test('there is room again when what was typed has been taken', async () => {
  const one = open('echo');
  await opened(one);
  expect(one.stream.write(Buffer.alloc(10_000, 0x61))).toBe(4_096);
  await waitFor('room', () => one.calls.includes('drained'));
  expect(one.stream.write(Buffer.alloc(100, 0x62))).toBe(100);
  await says(one, Buffer.alloc(100, 0x62));
});

test.each([
  ['dies', 'failed', /exit \d+ without an explanation/, true],
  ['stops', 'domainOff', /the domain has stopped/, true],
  ['refused', 'taken', /Active console session exists.*another client/, false],
  ['refused-late', 'noConsole', /not using a PTY.*<serial type='pty'\/>/, false],
  ['megabytes', 'failed', /^virsh console: no such thing; .{100,600}$/, false],
  ['lost', 'libvirtGone', /connection to libvirt is lost/, true],
  ['lingers', 'domainOff', /the domain has stopped/, true],
] as const)('%s: %s', async (behaviour, reason, text, hasOpened) => {
  const one = open(behaviour);
  expect(await ended(one)).toEqual({ reason, text: expect.stringMatching(text) as string });
  expect(one.calls.includes('opened')).toBe(hasOpened);
  expect(one.calls.filter((call) => call === 'ended')).toHaveLength(1);
  if (behaviour === 'lingers') expect(Buffer.concat(one.pieces).toString()).toBe('printed\n');
});

test('after a byte FFh an end is not taken for that of the domain', async () => {
  const one = open('escaped');
  await opened(one);
  one.stream.write(Buffer.from([0x61, 0xff, 0x62]));
  expect(await ended(one)).toMatchObject({ reason: 'failed' });
});

test('a console goes by the kept connection, and by its own one when that has gone', async () => {
  const kept = open('refused', { keptWay: new KeptWay({ outlook: 'standing', connectionUri: 'echo' }) });
  await opened(kept);
  const own = open('echo', { keptWay: new KeptWay({ outlook: 'standing', connectionUri: 'unreachable' }) });
  await opened(own);
});
