import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createDomainActions } from '#worker/libvirt/domain-actions.ts';
import { withUnlinkedFile } from '#worker/libvirt/unlinked-file.ts';
import { CallGate } from '#worker/libvirt/call-gate.ts';
import { createVirsh, INHERITED_FILE, type Virsh, type VirshOptions } from '#worker/libvirt/virsh.ts';

function fixture(name: string): string {
  return new URL(`../../fixtures/bin/virsh-${name}`, import.meta.url).pathname;
}

const { HOME, PATH } = process.env;
let directory: string;
let log: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vbmc-virsh-'));
  log = join(directory, 'log');
  process.env['HOME'] = directory;
});

afterEach(async () => {
  // What a test has left running.
  const text = await readFile(log, 'utf8').catch(() => '');
  for (const pid of text
    .split(/\s/)
    .map(Number)
    .filter((pid) => pid > 0 && runs(pid)))
    process.kill(pid, 'SIGKILL');
  process.env['HOME'] = HOME;
  process.env['PATH'] = PATH;
  await rm(directory, { recursive: true });
});

function virshNamed(name: string, more: Partial<VirshOptions> = {}): Virsh {
  const options = { connectionUri: 'test:///default', program: fixture(name), deadlineMs: 5_000 };
  return createVirsh({ ...options, ...more });
}

/** Makes `program` the virsh that the PATH leads to. */
async function putOnPath(program: string): Promise<void> {
  await symlink(program, join(directory, 'virsh'));
  process.env['PATH'] = `${directory}:${PATH ?? ''}`;
}

function failedWith(kind: string): object {
  return { ok: false, failure: { kind } };
}

/** Whether a process runs. A process that is dead and not yet reaped does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function waitUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    if (await holds()) return;
    await delay(10);
  }
  throw new Error('what the test waits for does not happen');
}

/** Resolves with the pids that `count` hanging virsh have written to their log: each its own and its child's. */
async function hangingPids(count = 1): Promise<number[]> {
  let lines: string[] = [];
  await waitUntil(async () => {
    lines = (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    return lines.length >= count;
  });
  return lines.flatMap((line) => line.split(' ').map(Number));
}

async function expectGone(pids: readonly number[]): Promise<void> {
  for (let waited = 0; pids.some(runs) && waited < 2_000; waited += 10) await delay(10);
  expect(pids.filter(runs)).toEqual([]);
}

describe('a virsh that', () => {
  test('lies: power down is not achieved', async () => {
    const { perform } = createDomainActions({ virsh: virshNamed('lies'), domainName: 'node-0' });
    expect(await perform({ kind: 'chassisControl', chassisControl: 'powerDown' })).toMatchObject(
      failedWith('notAchieved'),
    );
  }, 10_000);

  test('hangs is left running past its deadline, and no other call about the domain is started beside it', async () => {
    const virsh = virshNamed('hangs', { deadlineMs: 300, patienceMs: 100 });
    const failures = [await virsh('domstate'), await virsh('metadata'), await virsh('domstate')];
    expect(failures).toEqual(
      failures.map((_, index) => ({
        ok: false,
        failure: {
          kind: 'deadlineExceeded',
          message: expect.stringMatching(
            /^libvirt has not answered `virsh domstate` about this domain for \d+ s$/,
          ) as unknown,
        },
        stderr: '',
        // Only the first one has been started.
        ...(index > 0 && { notBegun: true }),
      })),
    );
    const pids = await hangingPids();
    expect(pids).toHaveLength(2);
    expect(pids.filter(runs)).toEqual(pids);
  });

  test('hangs in define waits for another domain, and says so', async () => {
    const virsh = virshNamed('hangs', { deadlineMs: 300, patienceMs: 100 });
    const { failure } = (await virsh('define')) as { readonly failure: { readonly message: string } };
    expect(failure.message).toMatch(
      /^libvirt has not answered `virsh define` for \d+ s: .* about any domain$/,
    );
  });

  test('hangs lets one destroy through, and is gone for the next call when it has ended', async () => {
    const virsh = virshNamed('hangs', { deadlineMs: 300, patienceMs: 100 });
    await virsh('domstate');
    expect(await virsh('destroy')).toMatchObject(failedWith('deadlineExceeded'));
    expect(await virsh('destroy')).toMatchObject(failedWith('deadlineExceeded'));
    const pids = await hangingPids(2);
    expect(pids.filter(runs)).toHaveLength(4);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await expectGone(pids);
    expect(await virsh('domstate')).toMatchObject(failedWith('deadlineExceeded'));
    expect(await hangingPids(3)).toHaveLength(6);
  });

  test('hangs at a start is waited for, and told as owed', async () => {
    const told: string[] = [];
    const gate = new CallGate({ changed: (calls) => told.push(calls.map(({ verb }) => verb).join()) });
    const start = virshNamed('hangs', { deadlineMs: 300, gate })('start');
    const [pid = 0, child = 0] = await hangingPids();
    await waitUntil(() => told.length > 0);
    expect(told).toEqual(['start']);
    process.kill(pid, 'SIGKILL');
    process.kill(child, 'SIGKILL');
    expect(await start).toMatchObject(failedWith('virshInterrupted'));
    expect(told).toEqual(['start', '']);
  });

  test('is called off is left running', async () => {
    const abort = new AbortController();
    const virsh = virshNamed('hangs');
    const result = virsh('shutdown', [], { signal: abort.signal });
    const pids = await hangingPids();
    abort.abort();
    expect(await result).toMatchObject(failedWith('calledOff'));
    expect(await virsh('domstate', [], { signal: abort.signal })).toMatchObject(failedWith('calledOff'));
    expect(await virsh('domstate')).toMatchObject(failedWith('deadlineExceeded'));
    expect(pids.filter(runs)).toEqual(pids);
  });

  test('has begun a start is waited for although it was called off', async () => {
    const abort = new AbortController();
    const start = virshNamed('hangs')('start', [], { signal: abort.signal });
    const [pid = 0, child = 0] = await hangingPids();
    abort.abort();
    expect(await Promise.race([start, delay(100)])).toBeUndefined();
    process.kill(pid, 'SIGKILL');
    process.kill(child, 'SIGKILL');
    expect(await start).toMatchObject(failedWith('virshInterrupted'));
  });

  test('waits to begin a start does not begin it once it was called off', async () => {
    const gate = new CallGate();
    const pass = gate.enter('dominfo', 0);
    const abort = new AbortController();
    const virsh = createVirsh({ connectionUri: `echo "$0" >> ${log}`, program: fixture('shell'), gate });
    const start = virsh('start', [], { signal: abort.signal });
    abort.abort();
    expect(await start).toMatchObject(failedWith('calledOff'));
    pass.ended();
    expect(await virsh('domstate')).toEqual({ ok: true, stdout: '' });
    expect(await readFile(log, 'utf8')).toBe('domstate\n');
  });

  test('calls at the same time follow each other', async () => {
    // Fails if another of its kind runs.
    const script = `mkdir "$HOME/busy" && sleep 0.2 && rmdir "$HOME/busy"`;
    const virsh = createVirsh({ connectionUri: script, program: fixture('shell') });
    const results = await Promise.all([virsh('a'), virsh('b'), virsh('c')]);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  test('dies by a signal', async () => {
    expect(await virshNamed('dies')('domstate')).toMatchObject({
      ok: false,
      failure: { kind: 'virshInterrupted', message: 'virsh domstate died by SIGSEGV' },
    });
  });

  test('prints garbage', async () => {
    const { perform } = createDomainActions({ virsh: virshNamed('garbage'), domainName: 'node-0' });
    for (const kind of ['readDomainState', 'readUuid'] as const) {
      expect(await perform({ kind })).toMatchObject(failedWith('virshFailed'));
    }
  });

  test('prints megabytes', async () => {
    const before = process.memoryUsage().rss;
    expect(await virshNamed('megabytes')('dumpxml')).toMatchObject({
      ok: false,
      failure: {
        kind: 'virshFailed',
        message: 'virsh dumpxml printed more than 4 MiB and was killed',
      },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
  });

  test('is absent', async () => {
    expect(await virshNamed('that-is-not-there')('domstate')).toMatchObject(failedWith('virshMissing'));
  });

  test('takes 3.5 s is waited for, and runs once', async () => {
    await putOnPath(fixture('lies'));
    expect(await virshNamed('slow')('reset')).toEqual({ ok: true, stdout: '' });
    expect(await readFile(log, 'utf8')).toBe('reset\n');
  }, 10_000);

  test('takes 3.5 s overruns a shorter deadline', async () => {
    await putOnPath(fixture('lies'));
    expect(await virshNamed('slow', { deadlineMs: 500 })('reset')).toMatchObject(
      failedWith('deadlineExceeded'),
    );
  });
});

test('a virsh does not outlive its worker, not even one killed by SIGKILL', async () => {
  const script = `
    import { createVirsh } from ${JSON.stringify(new URL('../../../packages/bmc-worker/src/libvirt/virsh.ts', import.meta.url).href)};
    await createVirsh({ connectionUri: 'test:///default', program: ${JSON.stringify(fixture('hangs'))} })('domstate');`;
  const worker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    // Jest's process.env is a copy, so it must be passed explicitly.
    env: process.env,
    stdio: 'inherit',
  });
  const [virsh = 0, child = 0] = await hangingPids();
  worker.kill('SIGKILL');
  await expectGone([virsh]);
  // Only virsh itself dies with its parent; a real one's child (ssh) ends when its pipes close.
  process.kill(child, 'SIGKILL');
});

describe('what virsh gets', () => {
  // The fixture runs `sh -c URI VERB …`: URI is a script, and VERB its $0.
  const shell = (script: string, more: { libvirtAuthFile?: string } = {}): Virsh =>
    createVirsh({ connectionUri: script, program: fixture('shell'), ...more });

  test('arguments arrive unchanged', async () => {
    const args = ['a b', '*', '$HOME', '"', "'", '\n', '-x', '', 'ü'];
    const result = await shell(`printf '%s\\0' "$0" "$@"`)('verb', args);
    expect(result).toEqual({ ok: true, stdout: ['verb', ...args].map((word) => `${word}\0`).join('') });
  });

  test('messages are untranslated, stdin is closed, the file with SASL credentials is named', async () => {
    const result = await shell('echo "$LC_ALL $LIBVIRT_AUTH_FILE"; cat', {
      libvirtAuthFile: '/x y/auth.conf',
    })('v');
    expect(result).toEqual({ ok: true, stdout: 'C /x y/auth.conf\n' });
  });

  test('a document is passed in a file without a name', async () => {
    const document = `<domain>${'x'.repeat(300_000)}</domain>`;
    const result = await withUnlinkedFile(document, (inheritFd) =>
      shell(`cat ${INHERITED_FILE}; stat -L -c '%a %h' ${INHERITED_FILE} >&2; exit 0`)('define', [], {
        inheritFd,
      }),
    );
    expect(result).toEqual({ ok: true, stdout: document });
  });
});
