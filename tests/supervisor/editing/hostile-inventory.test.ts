/** Root's verbs on an inventory that root has named in a directory of another user, who wants root to write elsewhere. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { exchangeInALoop } from '#support/supervisor/exchange-in-a-loop.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const NOBODY = 65_534;
const RACE_MS = 1_000 * Number(process.env['RACE_SECONDS'] ?? 3);

/** Home of user nobody, with an inventory in `d`, and a directory of root's. */
function hostile() {
  const above = temporaryDirectory();
  chmodSync(above, 0o755);
  const [home, prize] = [join(above, 'home'), join(above, 'prize')];
  const directory = join(home, 'd');
  mkdirSync(directory, { recursive: true });
  mkdirSync(prize, { mode: 0o755 });
  const inventory = join(directory, 'domains.ini');
  writeFileSync(inventory, '; theirs\n', { mode: 0o600 });
  for (const path of [home, directory, inventory]) chownSync(path, NOBODY, NOBODY);
  const add = (name: string, port: number): Promise<Run> =>
    runVbmc([
      ...['--run-dir', join(above, 'run'), 'add', name, '--inventory', inventory],
      ...['--password', 'p', '--port', String(port), '--no-check'],
    ]);
  return { home, directory, inventory, prize, add };
}

test('an own link to an own inventory is followed, and stays', async () => {
  const directory = temporaryDirectory();
  const [inventory, link] = [join(directory, 'own.ini'), join(directory, 'link.ini')];
  writeFileSync(inventory, '', { mode: 0o600 });
  symlinkSync(inventory, link);
  const named = ['--run-dir', join(directory, 'run'), 'add', 'a', '--inventory', link];
  const run = await runVbmc([...named, '--password', 'p', '--port', '6230', '--no-check']);
  expect(run).toMatchObject({ exitCode: 0 });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(inventory, 'utf8')).toContain('[a]');
});

if (process.getuid?.() === 0) {
  test('the inventory of another user is edited, and stays theirs', async () => {
    const { inventory, add } = hostile();
    expect(await add('a', 6230)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(inventory, 'utf8')).toMatch(/^; theirs\n[^]*\[a\]/);
    const { uid, mode } = statSync(inventory);
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: NOBODY, mode: 0o600 });
  });

  test('a link of theirs is not followed', async () => {
    const { directory, inventory, prize, add } = hostile();
    const secret = join(prize, 'sshd_config');
    writeFileSync(secret, '; of root\n', { mode: 0o600 });
    symlinkSync(secret, join(directory, 'link'));
    renameSync(join(directory, 'link'), inventory);
    const run = await add('a', 6230);
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.problems).toContain('is a link, which another user may let lead anywhere');
    expect(readFileSync(secret, 'utf8')).toBe('; of root\n');
  });

  test(
    'they exchange the directory and a link in a loop, and root writes no inventory elsewhere',
    async () => {
      const { home, directory, prize, add } = hostile();
      const link = join(home, 'link');
      symlinkSync(prize, link);
      const stop = await exchangeInALoop(directory, link, NOBODY);
      const end = performance.now() + RACE_MS;
      let port = 7000;
      try {
        while (performance.now() < end && !existsSync(join(prize, 'domains.ini'))) {
          port += 1;
          await add(`a${port}`, port);
        }
      } finally {
        await stop();
      }
      expect(port).toBeGreaterThan(7000);
      expect(existsSync(join(prize, 'domains.ini'))).toBe(false);
    },
    RACE_MS + 20_000,
  );
}
