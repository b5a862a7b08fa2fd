import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { withEditLock } from '#supervisor/editing/edit-lock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function newPath(): string {
  return join(temporaryDirectory(), 'domains.ini');
}

/** As an earlier version of vbmc leaves it when it is killed. */
function leaveStaleLock(path: string): void {
  writeFileSync(join(dirname(path), '.domains.ini.lock'), String(spawnSync('true').pid));
}

test('of many editors that find the lock of a killed one, one edits at a time, and each does', async () => {
  const path = newPath();
  leaveStaleLock(path);
  let inside = 0;
  const found: number[] = [];
  await Promise.all(
    Array.from({ length: 12 }, () =>
      withEditLock(path, async () => {
        inside += 1;
        await turn();
        found.push(inside);
        inside -= 1;
      }),
    ),
  );
  expect(found).toEqual(Array(12).fill(1));
  expect(readdirSync(dirname(path))).toEqual([]);
});

test('an editor that is slow to begin does not take the lock of one that edits', async () => {
  const path = newPath();
  leaveStaleLock(path);
  await withEditLock(path, async () => {
    await expect(withEditLock(path, () => Promise.resolve(), 100)).rejects.toMatchObject({
      message: `another vbmc (pid ${process.pid}) is editing ${path}`,
      remedy: 'wait for it',
    });
  });
});

test('an edit that fails leaves no lock', async () => {
  const path = newPath();
  await expect(withEditLock(path, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  await expect(withEditLock(path, () => Promise.resolve('y'))).resolves.toBe('y');
});
