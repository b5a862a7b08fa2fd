import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutHanging } from '#supervisor/host/hanging-files.ts';
import { StateFile } from '#supervisor/state-directory/state-file.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function stateFile(directory: string) {
  const logged: string[] = [];
  const file = new StateFile({
    path: join(directory, 'x.json'),
    holds: 'the notes',
    log: (_, message) => logged.push(message),
    render: () => '{}',
    parse: (text) => (text === '{}' ? 'parsed' : undefined),
  });
  return { file, logged };
}

test('a missing directory is made for the first write', async () => {
  const directory = join(temporaryDirectory(), 'a', 'b');
  const { file } = stateFile(directory);
  expect(await file.read()).toBeUndefined();
  await file.write();
  expect(await file.read()).toBe('parsed');
});

test('a named pipe in its place holds nothing up, and is moved aside', async () => {
  const directory = temporaryDirectory();
  execFileSync('mkfifo', [join(directory, 'x.json')]);
  const { file, logged } = stateFile(directory);
  expect(await file.read()).toBeUndefined();
  expect(logged).toEqual([expect.stringContaining('the notes cannot be read: moved to')]);
  await file.write();
  expect(readFileSync(join(directory, 'x.json'), 'utf8')).toBe('{}');
  expect(readdirSync(directory).sort()).toEqual(['x.json', 'x.json.unreadable']);
});

test('while the file system does not answer, reads and writes are refused at once', async () => {
  const directory = temporaryDirectory();
  const { file } = stateFile(directory);
  let answer = (): void => undefined;
  const hang = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  await expect(withoutHanging(directory, hang, 10)).rejects.toThrow('has not answered');
  await expect(file.read()).rejects.toThrow('still does not answer');
  await expect(file.write()).rejects.toThrow('still does not answer');
  answer();
  await new Promise(setImmediate);
  await file.write();
  expect(await file.read()).toBe('parsed');
});
