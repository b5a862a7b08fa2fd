import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  lchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function noDaemon(): readonly string[] {
  return ['--run-dir', join(temporaryDirectory(), 'nobody')];
}

test('what is printed on standard error is appended, with the time', async () => {
  const log = join(temporaryDirectory(), 'log');
  for (const argv of [
    ['--log-file', log, 'list'],
    ['list', '-q', '--log-file', log],
  ]) {
    const { exitCode, problems } = await runVbmc([...noDaemon(), ...argv]);
    expect([exitCode, problems.split('\n').length]).toEqual([3, 2]);
  }
  const line = String.raw`\d{4}-\d\d-\d\dT[0-9:.]+Z vbmc: vbmcd is not running.*\n`;
  expect(readFileSync(log, 'utf8')).toMatch(new RegExp(`^${line}${line}$`));
});

test.each([
  ['in a directory that is not there', () => join(temporaryDirectory(), 'no', 'log')],
  [
    'a FIFO that nobody reads',
    () => {
      const path = join(temporaryDirectory(), 'fifo');
      execFileSync('mkfifo', [path]);
      return path;
    },
  ],
])('a log file that cannot be written, %s: the verb is not carried out', async (_, path) => {
  const { exitCode, results, problems } = await runVbmc(['--log-file', path(), 'completion', 'bash']);
  expect({ exitCode, results }).toEqual({ exitCode: 1, results: '' });
  expect(problems).toMatch(/^vbmc: cannot write the log file: E[A-Z]+.*\n$/);
});

test('an own link is followed', async () => {
  const log = join(temporaryDirectory(), 'log');
  const link = join(temporaryDirectory(), 'link');
  symlinkSync(log, link);
  const { problems } = await runVbmc([...noDaemon(), '--log-file', link, 'list']);
  expect(problems).not.toContain('log file');
  expect(readFileSync(log, 'utf8')).toContain('vbmcd is not running');
});

test.each(['/dev/fd', '/proc/self/fd'])('a descriptor of this process stays open: %s', async (links) => {
  const log = join(temporaryDirectory(), 'log');
  const file = openSync(log, 'a');
  for (let count = 0; count < 2; count += 1) {
    const { problems } = await runVbmc([...noDaemon(), '--log-file', `${links}/${file}`, 'list']);
    expect(problems).not.toContain('log file');
  }
  closeSync(file);
  expect(readFileSync(log, 'utf8').match(/vbmcd is not running/g)).toHaveLength(2);
});

// A process that jest, or systemd, has started may have a socket as its standard error, which nobody can open again.
test('the standard error may be a socket', async () => {
  const { problems } = await runVbmc([...noDaemon(), '--log-file', '/dev/stderr', 'list']);
  expect(problems).not.toContain('log file');
});

if (process.getuid?.() === 0) {
  test('a link of another user is not followed: the verb is not carried out', async () => {
    const directory = temporaryDirectory();
    const [shared, prize] = [join(directory, 'shared'), join(directory, 'prize')];
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    writeFileSync(prize, '');
    const link = join(shared, 'vbmc.log');
    symlinkSync(prize, link);
    lchownSync(link, 65_534, 65_534);
    const { exitCode, problems } = await runVbmc([...noDaemon(), '--log-file', link, 'list']);
    expect({ exitCode, problems }).toEqual({
      exitCode: 1,
      problems: expect.stringContaining(`cannot write the log file: ${link} is a link`) as string,
    });
    expect(readFileSync(prize, 'utf8')).toBe('');
  });
}

test('a log file on a full disk: the verb goes on, and it is told once', async () => {
  const { exitCode, problems } = await runVbmc([...noDaemon(), '--log-file', '/dev/full', 'list']);
  expect(exitCode).toBe(3);
  expect(problems).toMatch(/^vbmc: vbmcd is not running.*\nvbmc: cannot write the log file: ENOSPC.*\n$/);
});
