import { spawn } from 'node:child_process';
import { isShortage, tryToSpawn } from '#worker/libvirt/try-to-spawn.ts';

test('a program that starts is returned', async () => {
  const attempt = tryToSpawn(() => spawn('true'));
  if ('code' in attempt) throw new Error(await attempt.code);
  expect(attempt.started.pid).toBeGreaterThan(0);
});

test('an error that Node throws is a value', async () => {
  // Below a file there is no program. Node throws ENOTDIR, as it throws ENOMEM.
  const attempt = tryToSpawn(() => spawn('/dev/null/virsh'));
  expect('code' in attempt && (await attempt.code)).toBe('ENOTDIR');
});

test('an error that comes by the event of a process that nobody holds is a value', async () => {
  const attempt = tryToSpawn(() => {
    spawn('/nonexistent/virsh');
    // As execa stumbles over a process without streams.
    throw new TypeError('subprocess.stdio is not iterable');
  });
  expect('code' in attempt && (await attempt.code)).toBe('ENOENT');
});

test('a bug of the caller is thrown on', () => {
  expect(() => tryToSpawn(() => spawn('true', { cwd: 5 as unknown as string }))).toThrow(
    'must be of type string',
  );
  expect(() =>
    tryToSpawn(() => {
      throw new RangeError('a bug');
    }),
  ).toThrow('a bug');
});

test('shortages pass, a missing program does not', () => {
  expect(['ENOMEM', 'EMFILE', 'ENFILE', 'EAGAIN'].map(isShortage)).toEqual([true, true, true, true]);
  expect([undefined, 'ENOENT', 'EACCES'].map(isShortage)).toEqual([false, false, false]);
});
