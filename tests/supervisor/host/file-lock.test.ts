import { join } from 'node:path';
import { lockFile } from '#supervisor/host/file-lock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** Runs of flock(1) that end like this, one after the other. */
function runs(...outcomes: readonly (number | string)[]): () => Promise<number | string> {
  const left = [...outcomes];
  return () => Promise.resolve(left.shift() ?? 0);
}

test.each(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'])(
  '%s passes: the lock is taken a moment later',
  async (code) => {
    const lock = await lockFile(join(temporaryDirectory(), 'lock'), 0, runs(code, code, 0));
    expect(lock?.isInPlace()).toBe(true);
    await lock?.release();
  },
);

test('any other failure is told at once', async () => {
  await expect(lockFile(join(temporaryDirectory(), 'lock'), 0, runs('ENOENT'))).rejects.toThrow('ENOENT');
});

test('the lock of another process is seen after a shortage too', async () => {
  expect(await lockFile(join(temporaryDirectory(), 'lock'), 0, runs('EMFILE', 1))).toBeUndefined();
});
