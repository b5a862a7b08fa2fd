import { differences, lineProblem } from './compare.ts';

const done = { exitCode: 0, stdout: 'a\n', stderr: '' };
const plain = { line: 'x' };
const sameOutput = { line: 'x', output: 'same' } as const;

test.each([
  [plain, done, 0],
  [plain, { ...done, stdout: 'b\n' }, 0],
  [plain, { ...done, exitCode: 1 }, 1],
  [plain, { ...done, exitCode: undefined }, 1],
  [sameOutput, { ...done, stdout: 'b\n' }, 1],
  [sameOutput, { ...done, stdout: 'b\n', exitCode: 1 }, 2],
  [plain, { ...done, effect: 'running' }, 1],
  [{ line: 'x', words: 'a' }, { ...done, stdout: '', stderr: 'an a' }, 0],
  [{ line: 'x', words: 'a' }, { ...done, stdout: '' }, 1],
])('%j: ours is %j', (line, ours, count) => {
  expect(differences(line, done, ours)).toHaveLength(count);
});

test('words that VirtualBMC does not say either are a mistake of the line', () => {
  expect(differences({ line: 'x', words: 'z' }, done, done)).toEqual([
    'VirtualBMC does not say "z"',
    'vbmc does not say "z"',
  ]);
});

test('a line that is said to differ has to', () => {
  const line = { line: 'x', differs: 'why' };
  expect(lineProblem(line, ['exit code'])).toBeUndefined();
  expect(lineProblem(line, [])).toMatch(/does the same now/);
  expect(lineProblem(plain, [])).toBeUndefined();
  expect(lineProblem(plain, ['one', 'two'])).toBe('one; two');
});
