import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createDomainActions } from '#worker/libvirt/domain-actions.ts';
import { withUnlinkedFile } from '#worker/libvirt/unlinked-file.ts';
import { createVirsh, INHERITED_FILE, type Virsh } from '#worker/libvirt/virsh.ts';

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
  process.env['HOME'] = HOME;
  process.env['PATH'] = PATH;
  await rm(directory, { recursive: true });
});

function virshNamed(name: string, deadlineMs = 5_000): Virsh {
  return createVirsh({ connectionUri: 'test:///default', program: fixture(name), deadlineMs });
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

/** Resolves with the pids that the hanging virsh has written to its log. */
async function hangingPids(): Promise<number[]> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    const text = await readFile(log, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim().split(' ').map(Number);
    await delay(10);
  }
  throw new Error('the hanging virsh was not started');
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

  test('hangs and ignores SIGTERM is gone, with its child, a second after its deadline', async () => {
    const before = Date.now();
    const result = await virshNamed('hangs', 300)('domstate');
    expect(result).toMatchObject({
      ok: false,
      failure: {
        kind: 'deadlineExceeded',
        message: 'virsh domstate ran past its deadline of 300 ms and was killed',
      },
    });
    expect(Date.now() - before).toBeLessThan(1_500);
    await expectGone(await hangingPids());
  });

  test('is called off is killed with its child, too', async () => {
    const abort = new AbortController();
    const result = virshNamed('hangs')('domstate', [], { signal: abort.signal });
    const pids = await hangingPids();
    abort.abort();
    expect(await result).toMatchObject(failedWith('calledOff'));
    await expectGone(pids);
    expect(await virshNamed('hangs')('domstate', [], { signal: abort.signal })).toMatchObject(
      failedWith('calledOff'),
    );
  });

  test('dies by a signal', async () => {
    expect(await virshNamed('dies')('domstate')).toMatchObject({
      ok: false,
      failure: { kind: 'virshFailed', message: 'virsh domstate died by SIGSEGV' },
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
    expect(await virshNamed('slow', 500)('reset')).toMatchObject(failedWith('deadlineExceeded'));
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
