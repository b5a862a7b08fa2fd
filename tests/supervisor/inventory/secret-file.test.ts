import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readSecretFiles,
  type InventoryReader,
  type SecretFileOptions,
} from '#supervisor/inventory/secret-file.ts';
import type { ReadSecretFile, SecretFile } from '#supervisor/inventory/secret-files.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

interface ReadOptions extends SecretFileOptions {
  readonly includedFile?: string;
  readonly reader?: InventoryReader;
}

function inDirectory(content: string | Buffer, mode = 0o600): string {
  const directory = temporaryDirectory();
  const path = join(directory, 'secret');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return directory;
}
/** Reads one file, as `written` in the inventory or in `includedFile`. */
async function readIn(
  inventory: string,
  written: string,
  { includedFile, reader = 'service', ...options }: ReadOptions = {},
): Promise<SecretFile> {
  const readFile = await readSecretFiles(
    inventory,
    reader,
    (note) => {
      note(written, includedFile);
    },
    options,
  );
  return readFile(written, includedFile);
}
async function read(directory: string, path = 'secret'): Promise<SecretFile> {
  return readIn(join(directory, 'domains.ini'), path);
}

test.each([
  ['x', 'x'],
  ['x\n', 'x'],
  ['x\r\n', 'x'],
  ['  x ', '  x '],
])('%j holds %j', async (content, text) => {
  expect(await read(inDirectory(content))).toEqual({ ok: true, text });
});

test('a path is relative to the file that names it', async () => {
  const directory = inDirectory('main');
  mkdirSync(join(directory, 'domains.d'));
  writeFileSync(join(directory, 'domains.d', 'secret'), 'included', { mode: 0o600 });
  const inventory = join(directory, 'domains.ini');
  expect(await readIn(inventory, 'secret')).toMatchObject({ text: 'main' });
  const includedFile = join(directory, 'domains.d', 'a.ini');
  expect(await readIn(inventory, 'secret', { includedFile })).toMatchObject({ text: 'included' });
  const elsewhere = { includedFile: '/elsewhere/a.ini' };
  expect(await readIn(inventory, join(directory, 'secret'), elsewhere)).toMatchObject({ text: 'main' });
});

test.each([0o640, 0o604, 0o666])('mode %o is a warning', async (mode) => {
  expect(await read(inDirectory('x', mode))).toMatchObject({
    ok: true,
    warning: {
      message: expect.stringContaining(`(mode 0${mode.toString(8)})`) as string,
      remedy: expect.stringMatching(/^chmod 600 /) as string,
    },
  });
});

test.each([
  ['no such file', (directory: string) => read(directory, 'gone'), 'there is no file'],
  ['a directory', (directory: string) => read(directory, '.'), 'is not a file'],
  ['a big file', () => read(inDirectory('x'.repeat(5_000))), 'has 5000 bytes, but no secret is that long'],
  ['a file of two lines', () => read(inDirectory('one\ntwo\n')), 'has several lines'],
  ['a file with an empty line at its end', () => read(inDirectory('x\n\n')), 'has several lines'],
  ['a line that ends as on a Macintosh', () => read(inDirectory('one\rtwo')), 'has several lines'],
  ['not UTF-8', () => read(inDirectory(Buffer.from([0xff, 0xfe]))), 'is not UTF-8'],
])('%s is an error with its remedy', async (_, attempt, error) => {
  expect(await attempt(inDirectory('x'))).toEqual({
    ok: false,
    problem: { message: expect.stringContaining(error) as string, remedy: expect.any(String) as string },
  });
});

test('reading a named pipe without a writer does not block', async () => {
  const directory = temporaryDirectory();
  execFileSync('mkfifo', [join(directory, 'secret')]);
  expect(await read(directory)).toMatchObject({ ok: false });
});

test('files in a directory that does not answer are errors, and are not all tried', async () => {
  const directory = temporaryDirectory();
  const tried: string[] = [];
  const files = ['a', 'b', 'c'].map((name) => join(directory, name));
  let answer = (): void => undefined;
  const readAbsolute = (path: string): Promise<SecretFile> => {
    tried.push(path);
    return new Promise((resolve) => {
      answer = () => {
        resolve({ ok: true, text: 'late' });
      };
    });
  };
  const collect = (note: ReadSecretFile): void => {
    for (const file of files) note(file, undefined);
  };
  const readFile = await readSecretFiles('/x/domains.ini', 'commandLine', collect, { readAbsolute });
  expect(tried).toEqual(files.slice(0, 1));
  expect(files.map((file) => readFile(file, undefined))).toEqual(
    ['has not answered for 5 s', 'still does not answer', 'still does not answer'].map((how) => ({
      ok: false,
      problem: { message: `the file system of ${directory} ${how}`, remedy: 'check its mount' },
    })),
  );
  answer();
}, 30_000);

describe('$CREDENTIALS_DIRECTORY', () => {
  test.each(['$CREDENTIALS_DIRECTORY/secret', '${CREDENTIALS_DIRECTORY}/secret'])('%s', async (path) => {
    // As systemd makes it: readable by the group of the service.
    const credentialsDirectory = inDirectory('credential\n', 0o440);
    const answer = await readIn('/etc/vbmc/domains.ini', path, { credentialsDirectory });
    expect(answer).toEqual({ ok: true, text: 'credential' });
  });

  test('is an error for the service where systemd does not set it, and not checked by the command line', async () => {
    const path = '$CREDENTIALS_DIRECTORY/secret';
    expect(await readIn('/x', path)).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('LoadCredential=') as string },
    });
    expect(await readIn('/x', path, { reader: 'commandLine' })).toMatchObject({
      ok: true,
      warning: { message: expect.stringContaining('not checked') as string },
    });
  });
});
