import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { anyFileHangs, withoutHanging } from '#supervisor/host/hanging-files.ts';
import { inStateDirectory } from '#supervisor/state-directory/in-state-directory.ts';

test('an operation in time passes, and so does its error', async () => {
  expect(await withoutHanging('/x', () => Promise.resolve(5))).toBe(5);
  await expect(withoutHanging('/x', () => Promise.reject(new Error('ENOENT')))).rejects.toThrow('ENOENT');
  expect(anyFileHangs()).toBe(false);
});

test('one that hangs is given up, and not begun again until it has ended', async () => {
  let answer = (): void => undefined;
  let begun = 0;
  const hang = (): Promise<void> =>
    new Promise((resolve) => {
      begun += 1;
      answer = resolve;
    });
  await expect(withoutHanging('/nfs', hang, 10)).rejects.toMatchObject({
    message: 'the file system of /nfs has not answered for 0.01 s',
    remedy: 'check its mount',
  });
  await expect(withoutHanging('/nfs', hang, 10)).rejects.toThrow('/nfs still does not answer');
  expect([begun, anyFileHangs()]).toEqual([1, true]);
  expect(await withoutHanging('/etc', () => Promise.resolve('other files are read'))).toBe(
    'other files are read',
  );
  answer();
  await new Promise(setImmediate);
  expect(anyFileHangs()).toBe(false);
  expect(await withoutHanging('/nfs', () => Promise.resolve('again'), 10)).toBe('again');
});

test('from two that hang on, no other path but that of the state directory is tried', async () => {
  const answers: (() => void)[] = [];
  const hang = (): Promise<void> => new Promise((resolve) => answers.push(resolve));
  for (const path of ['/nfs-1', '/nfs-2']) {
    await expect(withoutHanging(path, hang, 10)).rejects.toThrow('has not answered');
  }
  await expect(withoutHanging('/nfs-3', hang, 10)).rejects.toThrow(
    '/nfs-3 is not tried while others do not answer (/nfs-1, /nfs-2)',
  );
  const notes = (path: string): Promise<void> => inStateDirectory(path, () => Promise.resolve());
  await notes('/var/lib/vbmc');
  expect(answers).toHaveLength(2);
  answers.forEach((answer) => {
    answer();
  });
  await new Promise(setImmediate);
  expect(await withoutHanging('/nfs-3', () => Promise.resolve('again'))).toBe('again');
});

test('operations on one path follow one another', async () => {
  const done: string[] = [];
  await Promise.all([
    withoutHanging('/x', async () => {
      await delay(20);
      done.push('first');
    }),
    withoutHanging('/x', () => Promise.resolve(done.push('second'))),
  ]);
  expect(done).toEqual(['first', 'second']);
});

test('mounts that are dead leave threads for every other file', async () => {
  const directory = temporaryDirectory();
  const fifos = [0, 1, 2, 3].map((index) => join(directory, `secret-${index}`));
  execFileSync('mkfifo', fifos);
  for (const fifo of fifos) {
    await expect(withoutHanging(fifo, async () => (await open(fifo, 'r')).close(), 200)).rejects.toThrow();
  }
  expect(await readFile('/proc/self/comm', 'utf8')).not.toBe('');
  // The threads end, so that this process can.
  for (const fifo of fifos) closeSync(openSync(fifo, 'r+'));
});

const MODULE = new URL('../../../packages/supervisor/src/host/hanging-files.ts', import.meta.url).href;

/** A process one of whose threads hangs in open(2) of a FIFO, and that then does `last`. */
async function hangIn(last: string): Promise<{ ended: Promise<unknown>; kill: () => void }> {
  const fifo = join(temporaryDirectory(), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const script = `
    import { open } from 'node:fs/promises';
    import { endThoughFilesHang, withoutHanging } from '${MODULE}';
    await withoutHanging('${fifo}', () => open('${fifo}', 'r'), 10).catch((error) => console.log(error.message));
    ${last}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  return { ended, kill: () => child.kill('SIGKILL') };
}

test('a process ends though a thread of it hangs, which Node alone would wait for', async () => {
  const alone = await hangIn('process.exit(0);');
  expect(await Promise.race([alone.ended, delay(1_000, 'still there')])).toBe('still there');
  alone.kill();
  const { ended } = await hangIn('endThoughFilesHang(() => undefined);');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

const VBMC = fileURLToPath(new URL('../../../packages/supervisor/src/vbmc.ts', import.meta.url));

test('vbmc validate tells of a password file that hangs, checks the rest and ends', async () => {
  const directory = temporaryDirectory();
  const fifo = join(directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const inventory = join(directory, 'domains.ini');
  const text = '[a]\nport=1\npassword_file=dead/password\n[b]\nport=2\npassword=x\ncolour=red\n';
  writeFileSync(inventory, text, { mode: 0o600 });
  // Its open(2) waits, as on a server that does not answer.
  const deadServer = `
    import files from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const { open } = files;
    files.open = (path, ...rest) => path === '${directory}/dead/password' ? open('${fifo}', 'r') : open(path, ...rest);
    syncBuiltinESMExports();`;
  const preload = `data:text/javascript,${encodeURIComponent(deadServer)}`;
  const argv = ['--import', preload, '--import', 'tsx', VBMC, '--run-dir', directory, 'validate', inventory];
  const child = spawn(process.execPath, argv);
  let [results, problems] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (results += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (problems += piece));
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  expect(results).toContain(
    `[a] password_file: the file system of ${directory}/dead has not answered for 5 s`,
  );
  expect(results).toContain('[b] unknown key colour');
  expect(problems).toContain('can only end by SIGKILL, which it sends itself');
}, 60_000);
