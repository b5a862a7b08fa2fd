/** The real vbmcd without `--foreground`, in real processes; only the worker's program is a stand-in. */
import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fetchListings } from '#supervisor/cli/control-client.ts';
import { runCommand, type CommandResult } from '#lab/run-command.ts';
import { childrenOf, isAlive, openDescriptors } from '#support/processes.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/bin/vbmcd-with-fixture-worker.ts', import.meta.url));
// A vbmcd in the background has another working directory, from which `tsx` is not found by name.
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

jest.setTimeout(60_000);

const started: number[] = [];
afterEach(async () => {
  for (const pid of started.splice(0)) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await waitFor('its end', () => !isAlive(pid));
  }
});

interface Place {
  readonly directory: string;
  readonly runDirectory: string;
  readonly log: () => string;
  readonly argv: readonly string[];
  /** Runs vbmcd to the end of the process that the operator waits for. `before` is of the shell that runs it. */
  readonly vbmcd: (options?: {
    readonly before?: string;
    readonly env?: NodeJS.ProcessEnv;
  }) => Promise<CommandResult>;
}

function place(inventory: string): Place {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'domains.ini'), inventory, { mode: 0o600 });
  // As an operator types them: relative to where they are.
  const argv = [
    '--import',
    TSX,
    PROGRAM,
    '--inventory',
    'domains.ini',
    '--run-dir',
    'run',
    '--state-dir',
    'state',
  ];
  const command = [process.execPath, ...argv].map((word) => `'${word}'`).join(' ');
  return {
    directory,
    runDirectory: join(directory, 'run'),
    log: () => readFileSync(join(directory, 'state/vbmcd.log'), 'utf8'),
    argv,
    vbmcd: async ({ before = '', env = {} } = {}) => {
      const own = { ...process.env, ...env } as Record<string, string>;
      const result = await runCommand('sh', ['-c', `${before} exec ${command}`], {
        cwd: directory,
        env: own,
      });
      const pid = pidIn(result.stdout);
      if (pid !== undefined) started.push(pid);
      return result;
    },
  };
}

function pidIn(line: string): number | undefined {
  const [, pid] = /pid (\d+)/.exec(line) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** Fields of proc(5) after the name, from the state on. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

test('it returns when the BMCs answer, and says where vbmcd runs', async () => {
  const { directory, runDirectory, vbmcd, log } = place('[a]\npassword=x\nport=1\n[bad]\nport=x\n');
  const { exitCode, stdout, stderr } = await vbmcd({ before: 'exec 9>kept-open;' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const pid = pidIn(stdout) ?? 0;
  const where = `log ${directory}/state/vbmcd.log, control socket ${runDirectory}/vbmc.sock`;
  expect(stdout).toBe(
    `vbmcd runs in the background, pid ${pid}, 2 BMCs: 1 running, 1 invalid; ${where}; kill ${pid} ends it\n`,
  );
  const listings = await fetchListings(runDirectory);
  expect(listings.map(({ name, status }) => [name, status])).toEqual([
    ['a', 'running'],
    ['bad', 'invalid'],
  ]);

  // Nothing of the shell is left to it: no directory, no descriptor, no session, no terminal.
  expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
  expect(openDescriptors(pid).filter((path) => path.includes('kept-open'))).toEqual([]);
  expect([0, 1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))).toEqual([
    '/dev/null',
    '/dev/null',
    `${directory}/state/vbmcd.log`,
  ]);
  const [, , , session, terminal] = statOf(pid);
  expect([session, terminal]).toEqual([String(pid), '0']);
  expect(statSync(`${directory}/state/vbmcd.log`).mode & 0o777).toBe(0o600);

  process.kill(pid, 'SIGHUP');
  await waitFor('the reload', () => log().includes('nothing was changed'));
  process.kill(pid, 'SIGTERM');
  await waitFor('its end', () => !isAlive(pid));
  expect(log()).toContain('vbmcd has stopped, no worker is left');
  expect(existsSync(join(runDirectory, 'vbmc.sock'))).toBe(false);
});

test('a second vbmcd is refused with the pid of the first, and writes nothing into its log', async () => {
  const { vbmcd, log, runDirectory } = place('[a]\npassword=x\nport=1\n');
  const pid = pidIn((await vbmcd()).stdout) ?? 0;
  expect(await vbmcd()).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: `vbmcd: another vbmcd (pid ${pid}) is running on ${runDirectory}: stop it first, or choose another --run-dir and another --state-dir\n`,
  });
  expect(log()).not.toContain('another vbmcd');
  expect(await fetchListings(runDirectory)).toMatchObject([{ name: 'a', status: 'running' }]);
});

test('a second vbmcd that systemd has started has an exit code of its own, at which the unit does not try again', async () => {
  const { vbmcd } = place('[a]\npassword=x\nport=1\n');
  const pid = pidIn((await vbmcd()).stdout) ?? 0;
  const second = await vbmcd({ env: { NOTIFY_SOCKET: '/nonexistent/notify' } });
  expect(second.exitCode).toBe(7);
  expect(second.stderr).toContain(`another vbmcd (pid ${pid}) is running`);
});

test('a relative VIRTUALBMC_CONFIG means the same file in the background', async () => {
  const { directory, vbmcd, runDirectory } = place('[a]\npassword=x\nport=1\n');
  mkdirSync(join(directory, 'theirs/node-0'), { recursive: true });
  const text = '[VirtualBMC]\npassword = x\nport = 2\nactive = True\n';
  writeFileSync(join(directory, 'theirs/node-0/config'), text, { mode: 0o600 });
  writeFileSync(join(directory, 'virtualbmc.conf'), `[default]\nconfig_dir = ${directory}/theirs\n`);
  await vbmcd({ env: { VIRTUALBMC_CONFIG: 'virtualbmc.conf' } });
  expect((await fetchListings(runDirectory)).map(({ name }) => name)).toEqual(['a', 'node-0']);
});

test('a start that fails returns with the reason, which is in the log too', async () => {
  const { directory, vbmcd, log } = place('');
  mkdirSync(join(directory, 'domains.d'));
  writeFileSync(join(directory, 'run'), 'a file in the place of the run directory');
  const { exitCode, stdout, stderr } = await vbmcd();
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^vbmcd: cannot use the run directory \S+\/run: .*\n$/);
  expect(log()).toContain('error cannot use the run directory');
});

test('a log that cannot be had is a refusal', async () => {
  const { directory, vbmcd } = place('');
  mkdirSync(join(directory, 'state/vbmcd.log'), { recursive: true });
  expect(await vbmcd()).toMatchObject({
    exitCode: 1,
    stderr: `vbmcd: cannot open ${directory}/state/vbmcd.log: it is a directory: name a file\n`,
  });
});

test('a vbmcd that dies while it starts is told, with the end of its log', async () => {
  const { directory, argv, log, runDirectory } = place('[a]\npassword=x\ndomain_name=hang-at-start\n');
  const launcher = spawn(process.execPath, argv, { cwd: directory });
  let said = '';
  launcher.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exit = new Promise((resolve) => launcher.on('close', resolve));
  await waitFor('vbmcd', () => existsSync(join(runDirectory, 'vbmc.sock')) && log() !== '');
  const [{ pid } = { pid: 0 }] = childrenOf(launcher.pid ?? 0);
  process.kill(pid, 'SIGKILL');
  expect(await exit).toBe(1);
  expect(said).toMatch(
    /^vbmcd: vbmcd has ended by SIGKILL before its BMCs answered; its log is \S+\/vbmcd\.log:\n.*vbmcd is up: 1 BMC to start/,
  );
});

test('Ctrl-C while it starts ends the vbmcd that was started', async () => {
  const { directory, argv, runDirectory } = place('[a]\npassword=x\ndomain_name=hang-at-start\n');
  const launcher = spawn(process.execPath, argv, { cwd: directory });
  const exit = new Promise((resolve) => launcher.on('close', resolve));
  await waitFor('vbmcd', () => existsSync(join(runDirectory, 'vbmc.sock')));
  const [{ pid } = { pid: 0 }] = childrenOf(launcher.pid ?? 0);
  launcher.kill('SIGINT');
  expect(await exit).toBe(1);
  expect(isAlive(pid)).toBe(false);
});

test('what systemd starts stays in the foreground; what a service of systemd starts does not', async () => {
  const { directory, argv, vbmcd, runDirectory } = place('[a]\npassword=x\nport=1\n');
  const inherited = { INVOCATION_ID: 'f'.repeat(32), SYSTEMD_EXEC_PID: '1', NOTIFY_SOCKET: '/nowhere' };
  const pid = pidIn((await vbmcd({ env: inherited })).stdout) ?? 0;
  expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).not.toMatch(/NOTIFY_SOCKET|INVOCATION_ID|SYSTEMD/);
  process.kill(pid, 'SIGTERM');
  await waitFor('its end', () => !isAlive(pid));

  const child = spawn('sh', ['-c', `SYSTEMD_EXEC_PID=$$ exec "$@"`, 'sh', process.execPath, ...argv], {
    cwd: directory,
    stdio: 'ignore',
  });
  started.push(child.pid ?? 0);
  await waitFor('its control socket', async () => (await fetchListings(runDirectory)).length === 1);
  expect(child.exitCode).toBeNull();
});
