import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRootAlones } from '#supervisor/host/root-alone.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const RUNS_AS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

test('what this user owns is not root’s, unless they are root', async () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '', { mode: 0o600 });
  expect(await isRootAlones(file)).toBe(RUNS_AS_ROOT);
});

test('nothing that is not there is root’s', async () => {
  expect(await isRootAlones('/etc/no/such/file')).toBe(false);
});

test('a file of the system is root’s', async () => {
  expect(await isRootAlones('/etc/passwd')).toBe(true);
});

if (RUNS_AS_ROOT) {
  /** Root's directory `a`, `b` of another user, and a file in each. */
  function place() {
    const directory = temporaryDirectory();
    const at = (name: string): string => join(directory, name);
    for (const name of ['a', 'b']) {
      mkdirSync(at(name));
      writeFileSync(at(`${name}/file`), '', { mode: 0o600 });
    }
    chownSync(at('b'), NOBODY, NOBODY);
    return at;
  }

  test.each([
    ['a file of root in a directory of root', (): string => 'a/file', true],
    ['a file of root in a directory of another user', (): string => 'b/file', false],
    [
      'a file of another user',
      (at: (name: string) => string): string => {
        chownSync(at('a/file'), NOBODY, NOBODY);
        return 'a/file';
      },
      false,
    ],
    [
      'a file that others may write',
      (at: (name: string) => string): string => {
        chmodSync(at('a/file'), 0o622);
        return 'a/file';
      },
      false,
    ],
    [
      'a directory that others may write',
      (at: (name: string) => string): string => {
        chmodSync(at('a'), 0o777);
        return 'a/file';
      },
      false,
    ],
    [
      'a directory as /tmp is one',
      (at: (name: string) => string): string => {
        chmodSync(at('a'), 0o1777);
        return 'a/file';
      },
      true,
    ],
    [
      'a link of root to it',
      (at: (name: string) => string): string => {
        symlinkSync('a', at('link'));
        return 'link/file';
      },
      true,
    ],
    [
      'a link of root by way of a directory of another user',
      (at: (name: string) => string): string => {
        symlinkSync('../a', at('b/a'));
        symlinkSync('b/a', at('link'));
        return 'link/file';
      },
      false,
    ],
    [
      'links in a circle',
      (at: (name: string) => string): string => {
        symlinkSync('one', at('other'));
        symlinkSync('other', at('one'));
        return 'one/file';
      },
      false,
    ],
  ])('%s', async (_, prepare, isRoots) => {
    const at = place();
    expect(await isRootAlones(at(prepare(at)))).toBe(isRoots);
  });
}
