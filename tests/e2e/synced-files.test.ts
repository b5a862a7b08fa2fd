/** What reaches the disk, as strace sees it: no other program can tell before the power fails. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPrograms } from '#lab/debian-packages.ts';
import { printFigure } from '#support/figures.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const MODULE = new URL('../../packages/supervisor/src/host/write-in-one-step.ts', import.meta.url).href;

beforeAll(async () => {
  await installPrograms(
    { strace: 'strace' },
    {
      print: (line) => {
        printFigure('lab', line);
      },
    },
  );
});

test('a policy or inventory is synced before its rename, and the directory after it', () => {
  const directory = temporaryDirectory();
  const trace = join(directory, 'trace');
  const script = `
    import { writeInOneStep } from '${MODULE}';
    await writeInOneStep(${JSON.stringify(join(directory, 'x.json'))}, 'text', { mode: 0o600 });`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  spawnSync('strace', ['-f', '-y', '-o', trace, '-e', 'trace=fsync,rename', ...node]);
  const calls =
    readFileSync(trace, 'utf8').match(/(?:fsync|rename)\([^)]*x\.json[^)]*\)|fsync\(\d+<[^>]*>\)/g) ?? [];
  const seen = calls
    .filter((call) => call.includes(directory))
    .map((call) =>
      call
        .replaceAll(directory, 'DIR')
        .replace(/fsync\(\d+/, 'fsync(')
        .replace(/\.[0-9a-f-]{36}/g, '.NEW'),
    );
  expect(seen).toEqual([
    'fsync(<DIR/.x.json.NEW>)',
    'rename("DIR/.x.json.NEW", "DIR/x.json")',
    'fsync(<DIR>)',
  ]);
});
