import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  claimRunDirectory,
  clientSocketPath,
  controlSocketPath,
  reservedSocketPath,
} from '#supervisor/host/run-directory.ts';
import { withFullDisk } from '#support/full-disk.ts';
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

/** A path of some 3,000 bytes, made of directories. */
function makeLongPath(below: string): string {
  const path = join(below, ...Array.from({ length: 15 }, () => 'x'.repeat(200)));
  mkdirSync(path, { recursive: true });
  return path;
}

test('what cannot be removed at the end is told, and the rest is removed', async () => {
  const directory = temporaryDirectory();
  const claimed = await claimRunDirectory(directory);
  expect(await claimed.leave()).toBeUndefined();
  writeFileSync(controlSocketPath(directory), '');
  // Longer than PATH_MAX in all, so that nothing in it can be named.
  const inner = join(directory, 'inner');
  makeLongPath(inner);
  const moved = join(makeLongPath(join(directory, 'auth')), 'inner');
  renameSync(inner, moved);
  expect(await claimed.leave()).toMatch(/ENAMETOOLONG/);
  expect(existsSync(controlSocketPath(directory))).toBe(false);
  renameSync(moved, inner);
  expect(await claimed.leave()).toBeUndefined();
  expect(existsSync(join(directory, 'auth'))).toBe(false);
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

const SOURCES = new URL('../../../packages/supervisor/src/', import.meta.url).href;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Another process that claims `directory`; resolves with what it says: `claimed`, or why not. */
async function claimElsewhere(directory: string): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    import { claimRunDirectory } from '${SOURCES}host/run-directory.ts';
    await claimRunDirectory(${JSON.stringify(directory)}).then(
      () => { console.log('claimed'); setInterval(() => undefined, 1000); },
      (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

test('of processes that claim one directory at once one wins, and the others say which', async () => {
  const directory = temporaryDirectory();
  for (let round = 0; round < 3; round += 1) {
    const all = await Promise.all([1, 2, 3].map(() => claimElsewhere(directory)));
    const winners = all.filter(({ said }) => said === 'claimed');
    expect(winners).toHaveLength(1);
    const pid = winners[0]?.child.pid ?? 0;
    const losers = all.filter(({ said }) => said !== 'claimed').map(({ said }) => said);
    expect(losers).toEqual(Array(2).fill(`another vbmcd (pid ${pid}) is running on ${directory}`));
    // However the winner ends, the next round finds the directory free.
    for (const { child } of winners) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
});

test('the loser touches nothing of the winner, whose socket may be missing', async () => {
  const directory = temporaryDirectory();
  const { said } = await claimElsewhere(directory);
  expect(said).toBe('claimed');
  mkdirSync(join(directory, 'auth'));
  writeFileSync(join(directory, 'auth', 'x.conf'), 'password=x');
  await expect(claimRunDirectory(directory)).rejects.toThrow('is running on');
  expect(existsSync(join(directory, 'auth', 'x.conf'))).toBe(true);
});

test('nobody else can open the lock, and thereby take it', async () => {
  const directory = temporaryDirectory();
  await claimElsewhere(directory);
  expect(statSync(join(directory, 'vbmcd.lock')).mode & 0o777).toBe(0o600);
});

test('a full disk keeps nobody from the lock', async () => {
  const directory = temporaryDirectory();
  const said = await withFullDisk(`
    import { claimRunDirectory } from '${SOURCES}host/run-directory.ts';
    fill();
    await claimRunDirectory('${directory}');
    await claimRunDirectory('${directory}').catch((error) => console.log(error.message));`);
  expect(said).toBe(`another vbmcd is running on ${directory}`);
});

test('a client takes the reserved socket if it may enter its directory', () => {
  const directory = temporaryDirectory();
  expect(clientSocketPath(directory)).toBe(controlSocketPath(directory));
  mkdirSync(join(directory, 'own'));
  writeFileSync(reservedSocketPath(directory), '');
  expect(clientSocketPath(directory)).toBe(reservedSocketPath(directory));
  rmSync(reservedSocketPath(directory));
  expect(clientSocketPath(directory)).toBe(controlSocketPath(directory));
});
