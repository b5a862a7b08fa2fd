import { constants } from 'node:fs';
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namingFile } from '#supervisor/host/error-code.ts';
import { systemProblem } from '#supervisor/host/system-problem.ts';
import { problemText } from '#supervisor/text/problem.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

async function failureOf(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    return error;
  }
  throw new Error('it has succeeded');
}
function textOf(error: unknown): string {
  return problemText(systemProblem(error) ?? { message: 'none' });
}

test.each([
  [
    'open',
    () => open('/nowhere/x'),
    'cannot open /nowhere/x: there is no such file or directory: correct the path, or create it',
  ],
  [
    'list',
    () => readdir('/dev/null'),
    'cannot list /dev/null: a part of the path is a file, and no directory: correct the path',
  ],
  ['write', () => writeFile('/dev/full', 'x'), 'the disk is full: free some space on it'],
])('%s', async (_, attempt, text) => {
  expect(textOf(await failureOf(attempt))).toBe(text);
});

test('an error that names no file gets its name', async () => {
  const error = await failureOf(() => writeFile('/dev/full', 'x'));
  expect(textOf(namingFile(error, '/etc/vbmc/domains.ini'))).toBe(
    'cannot write /etc/vbmc/domains.ini: the disk is full: free some space on it',
  );
});

test('a new file that takes the place of another is called by the name of that', async () => {
  const path = join(temporaryDirectory(), 'x');
  const error = await failureOf(() => open(path, constants.O_RDONLY));
  expect(textOf(namingFile(error, '/etc/vbmc/domains.ini', path))).toMatch(
    /^cannot open \/etc\/vbmc\/domains.ini: /,
  );
  expect(textOf(namingFile(error, '/other', path))).toMatch(/^cannot open \/etc\/vbmc\/domains.ini: /);
});

test.each([
  [new Error('a bug')],
  [Object.assign(new Error('a bug'), { code: 'ERR_INVALID_ARG_TYPE' })],
  [undefined],
])('%p is none', (error) => {
  expect(systemProblem(error)).toBeUndefined();
});
