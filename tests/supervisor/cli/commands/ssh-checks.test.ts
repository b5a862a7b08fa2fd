/** The keys are made by the real ssh-keygen. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkSshKeys } from '#supervisor/cli/commands/ssh-checks.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const uris = new Set(['qemu:///system', 'qemu+ssh://hv1/system']);

function scene() {
  const home = temporaryDirectory();
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  return {
    user: { name: 'vbmc', home, isOwn: false },
    makeKey: (name: string, ...options: readonly string[]): string => {
      const path = join(home, '.ssh', name);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-f', path, ...options]);
      return path;
    },
  };
}

test('no key, and no connection by ssh: nothing to find', async () => {
  expect(await checkSshKeys(new Set(['qemu:///system', 'qemu+tls://h/system']), scene().user)).toEqual([]);
});

test('no key: the line that makes one', async () => {
  const { user } = scene();
  expect(await checkSshKeys(uris, user)).toMatchObject([
    { severity: 'warning', remedy: expect.stringMatching(/^sudo -H -u vbmc ssh-keygen/) as string },
  ]);
});

test('a key that can be used: no finding', async () => {
  const { user, makeKey } = scene();
  makeKey('id_ed25519', '-N', '');
  expect(await checkSshKeys(uris, user)).toEqual([]);
});

test.each([
  ['-N', 'secret'],
  ['-N', 'secret', '-m', 'PEM', '-t', 'rsa', '-b', '2048'],
])('a key with a passphrase, which nobody types (%s %s %s)', async (...options) => {
  const { user, makeKey } = scene();
  const path = makeKey('id_ed25519', ...options);
  expect(await checkSshKeys(uris, user)).toMatchObject([
    { severity: 'error', subject: path, message: expect.stringContaining('passphrase') as string },
  ]);
});

test('a key that others may read, which ssh refuses to use', async () => {
  const { user, makeKey } = scene();
  const path = makeKey('id_ed25519', '-N', '');
  chmodSync(path, 0o644);
  expect(await checkSshKeys(uris, user)).toMatchObject([
    { severity: 'error', subject: path, remedy: `chmod 600 ${path}` },
  ]);
});

test('a key that a URI names and that is not there', async () => {
  const { user } = scene();
  const named = new Set(['qemu+ssh://hv1/system?keyfile=/nowhere/id']);
  expect(await checkSshKeys(named, user)).toMatchObject([{ severity: 'error', subject: '/nowhere/id' }]);
});
