import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { anyFileHangs, withoutHanging } from '#supervisor/host/hanging-files.ts';

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
