import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { virshFollower, type Kill } from '#worker/libvirt/follow-virsh.ts';
import { isAlive } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function fixture(name: string): string {
  return new URL(`../../fixtures/bin/virsh-${name}`, import.meta.url).pathname;
}

interface Observed {
  readonly lines: string[];
  readonly end: () => Promise<string>;
  readonly kill: Kill;
}

function start(program: string, connectionUri = 'test:///default', args: readonly string[] = []): Observed {
  const lines: string[] = [];
  let ended: string | undefined;
  const kill = virshFollower(program)(
    { connectionUri, libvirtAuthFile: '/x y/auth.conf', args },
    {
      line: (stream, line) => lines.push(`${stream} ${line}`),
      ended: (cause) => {
        ended = cause ?? 'well';
      },
    },
  );
  return { lines, end: () => waitFor('its end', () => ended), kill };
}

test('arguments arrive unchanged; the end is reported after the last line', async () => {
  const { lines, end } = start('/bin/echo', "qemu:///a'b", ['hostname; $HOME', '*']);
  expect(await end()).toBe('well');
  expect(lines).toEqual([
    "stdout --quiet --keepalive-interval 5 --keepalive-count 3 --connect qemu:///a'b hostname; $HOME *",
  ]);
});

test('the file with credentials is named, and messages are untranslated', async () => {
  const { lines, end } = start(fixture('environment'));
  await end();
  expect(lines).toEqual(['stdout C /x y/auth.conf']);
});

test('one that dies', async () => {
  const { lines, end } = start(fixture('dies'));
  expect(await end()).toBe('virsh ended by SIGSEGV');
  expect(lines).toEqual(['stdout runn']);
});

test('one that is not there', async () => {
  const { lines, end } = start('/nonexistent/virsh');
  expect(await end()).toBe('virsh ended with exit code 127');
  expect(lines.join()).toContain('/nonexistent/virsh');
});

test('one that prints without end is killed, and no line follows', async () => {
  const { lines, kill } = start(fixture('megabytes'));
  await waitFor('lines', () => (lines.length > 1_000 ? true : undefined));
  kill();
  const printed = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(lines).toHaveLength(printed);
});

/** The pids that the hanging virsh has written to a file. */
function readPids(log: string): number[] | undefined {
  try {
    const text = readFileSync(log, 'utf8');
    return text.endsWith('\n') ? text.trim().split(/\s+/).map(Number) : undefined;
  } catch {
    return undefined;
  }
}

test('one that ignores SIGTERM is killed with its child after the grace', async () => {
  const home = process.env['HOME'];
  process.env['HOME'] = temporaryDirectory();
  const log = join(process.env['HOME'], 'log');
  const { kill } = start(fixture('hangs'));
  const pids = await waitFor('virsh to start', () => readPids(log));
  process.env['HOME'] = home;
  expect(pids.map(isAlive)).toEqual([true, true]);
  kill();
  await waitFor('virsh to end', () => (pids.some(isAlive) ? undefined : true));
});

test('one that is killed before it has started does not start', async () => {
  const { lines, kill } = start('/bin/echo');
  kill();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(lines).toEqual([]);
});

test('one that hangs does not outlive its parent', async () => {
  const log = join(temporaryDirectory(), 'log');
  const module = new URL('../../../packages/bmc-worker/src/libvirt/follow-virsh.ts', import.meta.url).href;
  const script = `
    import { virshFollower } from ${JSON.stringify(module)};
    const command = { connectionUri: 'x', libvirtAuthFile: undefined, args: [] };
    virshFollower(${JSON.stringify(fixture('hangs'))})(command, { line() {}, ended() {} });
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, HOME: join(log, '..') },
    stdio: 'inherit',
  });
  const [virsh = 0, child = 0] = await waitFor('virsh to start', () => readPids(log));
  expect(isAlive(virsh)).toBe(true);
  parent.kill('SIGKILL');
  await waitFor('virsh to end', () => (isAlive(virsh) ? undefined : true));
  // Only virsh itself dies with its parent; a real one's child (ssh) ends when its pipes close.
  process.kill(child, 'SIGKILL');
});
