import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { virshStarter, type Kill } from '#supervisor/virsh/virsh-process.ts';
import { eventually, isAlive } from '#support/supervisor/eventually.ts';
import { temporaryDirectory } from '#support/supervisor/temporary-directory.ts';

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
  const kill = virshStarter(process.env, program)(
    { connectionUri, libvirtAuthFile: '/x y/auth.conf', args },
    {
      line: (stream, line) => lines.push(`${stream} ${line}`),
      ended: (cause) => {
        ended = cause ?? 'well';
      },
    },
  );
  return { lines, end: () => eventually('its end', () => ended), kill };
}

test('words come through as they are; the end is told after the last line', async () => {
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

test('one that prints without end is killed and says no word more', async () => {
  const { lines, kill } = start(fixture('megabytes'));
  await eventually('lines', () => (lines.length > 1_000 ? true : undefined));
  kill();
  const printed = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(lines).toHaveLength(printed);
});

test('one that hangs does not outlive us', async () => {
  const log = join(temporaryDirectory(), 'log');
  const pids = (): number[] | undefined => {
    try {
      const text = readFileSync(log, 'utf8');
      return text.endsWith('\n') ? text.trim().split(/\s+/).map(Number) : undefined;
    } catch {
      return undefined;
    }
  };
  const module = new URL('../../../packages/supervisor/src/virsh/virsh-process.ts', import.meta.url).href;
  const script = `
    import { virshStarter } from ${JSON.stringify(module)};
    const command = { connectionUri: 'x', libvirtAuthFile: undefined, args: [] };
    virshStarter(process.env, ${JSON.stringify(fixture('hangs-in-home'))})(command, { line() {}, ended() {} });
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, HOME: join(log, '..') },
    stdio: 'inherit',
  });
  const [virsh = 0] = await eventually('virsh to start', pids);
  expect(isAlive(virsh)).toBe(true);
  parent.kill('SIGKILL');
  await eventually('virsh to end', () => (isAlive(virsh) ? undefined : true));
}, 15_000);
