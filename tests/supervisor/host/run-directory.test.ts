import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { claimRunDirectory, controlSocketPath } from '#supervisor/host/run-directory.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

test('a missing directory is created; other users may pass through it and not write', async () => {
  const directory = join(temporaryDirectory(), 'a', 'b');
  await claimRunDirectory(directory);
  expect(statSync(directory).mode & 0o022).toBe(0);
});

test('a directory in which a vbmcd runs is refused', async () => {
  const directory = temporaryDirectory();
  const server = createServer().listen(controlSocketPath(directory));
  await new Promise((resolve) => server.once('listening', resolve));
  await expect(claimRunDirectory(directory)).rejects.toMatchObject({
    message: `another vbmcd is running on ${directory}`,
    remedy: expect.stringContaining('--run-dir') as string,
  });
  await new Promise((resolve) => server.close(resolve));
});

test('what a killed vbmcd left behind is removed', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'auth'));
  writeFileSync(join(directory, 'auth', 'x.conf'), 'password=x');
  writeFileSync(controlSocketPath(directory), '');
  await claimRunDirectory(directory);
  expect(existsSync(controlSocketPath(directory))).toBe(false);
  expect(existsSync(join(directory, 'auth'))).toBe(false);
});

test('a path too long for a socket is refused, not cut', async () => {
  await expect(claimRunDirectory(join(temporaryDirectory(), 'x'.repeat(100)))).rejects.toMatchObject({
    message: expect.stringContaining('is longer than the 107 bytes') as string,
    remedy: 'choose a shorter --run-dir',
  });
});
