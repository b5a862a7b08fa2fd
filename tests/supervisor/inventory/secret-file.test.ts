import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretFileReader } from '#supervisor/inventory/secret-file.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function inDirectory(content: string | Buffer, mode = 0o600): string {
  const directory = temporaryDirectory();
  const path = join(directory, 'secret');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return directory;
}
function read(directory: string, path = 'secret') {
  return secretFileReader(join(directory, 'domains.ini'), 'service')(path, undefined);
}

test.each([
  ['x', 'x'],
  ['x\n', 'x'],
  ['x\r\n', 'x'],
  ['x\n\n', 'x\n'],
  ['  x ', '  x '],
])('%j holds %j', (content, text) => {
  expect(read(inDirectory(content))).toEqual({ ok: true, text });
});

test('a path is relative to the file that names it', () => {
  const directory = inDirectory('main');
  mkdirSync(join(directory, 'domains.d'));
  writeFileSync(join(directory, 'domains.d', 'secret'), 'included', { mode: 0o600 });
  const reader = secretFileReader(join(directory, 'domains.ini'), 'service');
  expect(reader('secret', undefined)).toMatchObject({ text: 'main' });
  expect(reader('secret', join(directory, 'domains.d', 'a.ini'))).toMatchObject({ text: 'included' });
  expect(reader(join(directory, 'secret'), '/elsewhere/a.ini')).toMatchObject({ text: 'main' });
});

test.each([0o640, 0o604, 0o666])('mode %o is a warning', (mode) => {
  expect(read(inDirectory('x', mode))).toMatchObject({
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
  ['not UTF-8', () => read(inDirectory(Buffer.from([0xff, 0xfe]))), 'is not UTF-8'],
])('%s is an error with its remedy', (_, attempt, error) => {
  expect(attempt(inDirectory('x'))).toEqual({
    ok: false,
    problem: { message: expect.stringContaining(error) as string, remedy: expect.any(String) as string },
  });
});

test('reading a named pipe without a writer does not block', () => {
  const directory = temporaryDirectory();
  execFileSync('mkfifo', [join(directory, 'secret')]);
  expect(read(directory)).toMatchObject({ ok: false });
});

describe('$CREDENTIALS_DIRECTORY', () => {
  test.each(['$CREDENTIALS_DIRECTORY/secret', '${CREDENTIALS_DIRECTORY}/secret'])('%s', (path) => {
    // As systemd makes it: readable by the group of the service.
    const directory = inDirectory('credential\n', 0o440);
    const reader = secretFileReader('/etc/vbmc/domains.ini', 'service', directory);
    expect(reader(path, undefined)).toEqual({ ok: true, text: 'credential' });
  });

  test('is an error for the service where systemd does not set it, and not checked by the command line', () => {
    const path = '$CREDENTIALS_DIRECTORY/secret';
    expect(secretFileReader('/x', 'service')(path, undefined)).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('LoadCredential=') as string },
    });
    expect(secretFileReader('/x', 'commandLine')(path, undefined)).toMatchObject({
      ok: true,
      warning: { message: expect.stringContaining('not checked') as string },
    });
  });
});
