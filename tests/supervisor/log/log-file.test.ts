import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '#supervisor/log/log-file.ts';
import { runCommand } from '#lab/run-command.ts';
import { withFullDisk } from '#support/full-disk.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const SOURCE = new URL('../../../packages/supervisor/src/log/log-file.ts', import.meta.url).href;

function write(file: LogFile, line: string): Promise<Error | null | undefined> {
  return new Promise((resolve) => file.write(`${line}\n`, resolve));
}

test('lines go to the end of the file, in their order, for its owner only', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, 'earlier\n', { mode: 0o600 });
  const file = new LogFile(path);
  const written = ['one', 'two', 'three'].map((line) => write(file, line));
  expect(file.writableLength).toBe(14);
  await Promise.all(written);
  expect(file.writableLength).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('earlier\none\ntwo\nthree\n');
  await file.close();
  const fresh = join(temporaryDirectory(), 'log');
  await new LogFile(fresh).close();
  expect(statSync(fresh).mode & 0o777).toBe(0o600);
});

test('a file that has grown is kept once, and no line is lost on the way', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'log');
  const file = new LogFile(path, 1_000);
  const lines = Array.from({ length: 25 }, (_, index) => `${index} ${'x'.repeat(90)}`);
  for (const line of lines) await write(file, line);
  expect(readdirSync(directory).sort()).toEqual(['log', 'log.1']);
  for (const name of ['log', 'log.1'])
    expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(1_000);
  const kept = `${readFileSync(join(directory, 'log.1'), 'utf8')}${readFileSync(path, 'utf8')}`;
  expect(lines.join('\n').endsWith(kept.trim())).toBe(true);
  await file.close();
  // The next process goes on counting.
  const next = new LogFile(path, 1_000);
  for (const line of lines.slice(0, 12)) await write(next, line);
  expect(statSync(path).size).toBeLessThanOrEqual(1_000);
  await next.close();
});

test('where no copy can be made the limit holds all the same', async () => {
  const path = join(temporaryDirectory(), 'log');
  mkdirSync(`${path}.1`);
  const file = new LogFile(path, 300);
  for (let count = 0; count < 10; count += 1) await write(file, 'x'.repeat(90));
  expect(statSync(path).size).toBeLessThanOrEqual(300);
  await file.close();
});

test('a directory, a FIFO and a symbolic link are refused', async () => {
  const directory = temporaryDirectory();
  const at = (name: string): string => join(directory, name);
  await runCommand('mkfifo', [at('fifo')], {});
  symlinkSync(at('elsewhere'), at('link'));
  expect(() => new LogFile(directory)).toThrow('EISDIR');
  expect(() => new LogFile(at('fifo'))).toThrow('is not a file');
  expect(() => new LogFile(at('link'))).toThrow('ELOOP');
  expect(readdirSync(directory)).not.toContain('elsewhere');
});

test('a full disk costs the lines of that time', async () => {
  const path = join(temporaryDirectory(), 'log');
  const outcomes = await withFullDisk(`
    import { LogFile } from '${SOURCE}';
    process.on('SIGXFSZ', () => undefined);
    const file = new LogFile('${path}');
    const write = (line) => new Promise((resolve) => file.write(line + '\\n', (error) => resolve(error?.code ?? 'written')));
    const outcomes = [await write('before')];
    fill();
    outcomes.push(await write('meanwhile'));
    free();
    outcomes.push(await write('after'));
    console.log(outcomes.join(' '));
  `);
  expect(outcomes).toBe('written EFBIG written');
  expect(readFileSync(path, 'utf8')).toBe('before\nafter\n');
});

test('the last lines of a process that ends at once are written', async () => {
  const path = join(temporaryDirectory(), 'log');
  const script = `
    import { LogFile } from '${SOURCE}';
    const file = new LogFile('${path}');
    for (let line = 0; line < 100; line += 1) file.write(line + '\\n');
    process.exit(1);
  `;
  const argv = ['--import', 'tsx', '--input-type=module', '-e', script];
  await runCommand(process.execPath, argv, { env: process.env as Record<string, string> });
  // The line that is on its way then may be there twice.
  const lines = new Set(readFileSync(path, 'utf8').trim().split('\n'));
  expect([...lines]).toEqual(Array.from({ length: 100 }, (_, line) => String(line)));
});
