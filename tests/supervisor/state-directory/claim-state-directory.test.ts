import { randomUUID } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimStateDirectory } from '#supervisor/state-directory/claim-state-directory.ts';
import { withFullDisk } from '#support/full-disk.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function silent(): void {
  // Nothing is told.
}

test('a missing directory is created, and a second vbmcd is refused', async () => {
  const directory = join(temporaryDirectory(), 'state');
  await claimStateDirectory(directory, silent);
  expect(statSync(directory).mode & 0o022).toBe(0);
  await expect(claimStateDirectory(directory, silent)).rejects.toMatchObject({
    message: `another vbmcd (pid ${process.pid}) uses the state directory ${directory}`,
    remedy: 'stop it first, or choose another --run-dir and another --state-dir',
  });
});

test('what a vbmcd that was killed has left of a write is removed, and nothing else', async () => {
  const directory = temporaryDirectory();
  const others = [`.notes.${randomUUID()}`, 'power-restore.json', '.power-restore.json.old'];
  const leftOver = ['power-restore', 'owed-starts', 'inventory'].map(
    (name) => `.${name}.json.${randomUUID()}`,
  );
  for (const name of [...others, ...leftOver]) writeFileSync(join(directory, name), '');
  await claimStateDirectory(directory, silent);
  expect(readdirSync(directory).sort()).toEqual([...others, 'state.lock'].sort());
});

test('one that cannot be locked is told', async () => {
  const directory = join(temporaryDirectory(), 'state');
  writeFileSync(directory, 'a file in its place');
  const logged: string[] = [];
  await claimStateDirectory(directory, (level, message, { event } = {}) => {
    logged.push(`${level} ${String(event)} ${message}`);
  });
  expect(logged).toEqual([expect.stringMatching(/^warn stateDirectoryNotLocked .*cannot be locked.*EEXIST/)]);
});

test('a full disk keeps nobody from the lock', async () => {
  const directory = temporaryDirectory();
  const module = new URL(
    '../../../packages/supervisor/src/state-directory/claim-state-directory.ts',
    import.meta.url,
  ).href;
  const said = await withFullDisk(`
    import { claimStateDirectory } from '${module}';
    fill();
    await claimStateDirectory('${directory}', (level, message) => console.log(message));
    await claimStateDirectory('${directory}', () => undefined).catch((error) => console.log(error.message));`);
  expect(said).toBe(`another vbmcd uses the state directory ${directory}`);
});
