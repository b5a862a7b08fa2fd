/** Every shell block of the documentation is run by a suite, or says that it is not. */
import { isRunBy, isShell, readMark } from '#support/docs/block-marks.ts';
import { parsePage, placeOf, readPages, type CodeBlock } from '#support/docs/pages.ts';
import { essence, sameOutput, shellSteps } from '#support/docs/shell-steps.ts';
import { readingSuites, suiteText } from '#support/docs/suites.ts';

const shellBlocks = readPages().flatMap(({ blocks }) => blocks.filter(isShell));

/** What is wrong with a block's mark. */
function problems(block: CodeBlock): readonly string[] {
  const mark = readMark(block);
  if (mark === undefined)
    return ['has no mark: write <!-- run: SUITE --> or <!-- not run: REASON --> before it'];
  if (mark.kind === 'notAnInventory') return ['is a shell block: say whether it is run'];
  if (mark.kind === 'notRun') return [];
  if (readingSuites.some((suite) => suite === mark.suite)) return [];
  const text = suiteText(mark.suite);
  if (text === undefined) return [`names the suite ${mark.suite}, which does not exist`];
  // The suite runs the blocks of this page from its own text.
  if (text.includes(`'${block.page}'`)) return [];
  return shellSteps(block)
    .map(({ command }) => essence(command))
    .filter((command) => !text.includes(command))
    .map((command) => `names ${mark.suite}, which does not contain: ${command}`);
}

test('every shell block has a mark, and the suite that it names runs it', () => {
  const found = shellBlocks.flatMap((block) =>
    problems(block).map((problem) => `${placeOf(block)} ${problem}`),
  );
  expect(found).toEqual([]);
});

test.each(readingSuites)('the suite %s has blocks to run', (suite) => {
  expect(shellBlocks.filter(isRunBy(suite)).length).toBeGreaterThan(0);
});

describe('a rule that is broken is noticed', () => {
  const block = (mark: string, ...lines: readonly string[]): CodeBlock => ({
    page: 'x.md',
    line: 1,
    language: 'sh',
    lines,
    mark,
  });

  test.each([
    ['no mark', block(''), ['has no mark']],
    ['a comment that is no mark', block('see below'), ['has no mark']],
    ['no reason', block('not run: '), ['has no mark']],
    ['an unknown suite', block('run: test:nothing'), ['does not exist']],
    ['a script that is no suite', block('run: build'), ['does not exist']],
    ['a command that the suite lacks', block('run: test:service', 'vbmc make coffee'), ['make coffee']],
  ])('%s', (_, broken, wanted) => {
    expect(problems(broken)).toEqual(wanted.map((text) => expect.stringContaining(text) as string));
  });

  test('a comment belongs to the block that follows it at once', () => {
    const { blocks } = parsePage(
      'x.md',
      '<!-- run: e2e -->\n\n```sh\na\n```\n\ntext\n\n  ```ini\n  b\n  ```\n',
    );
    expect(blocks).toMatchObject([
      { language: 'sh', mark: 'run: e2e', lines: ['a'] },
      { language: 'ini', lines: ['b'] },
    ]);
    expect(blocks[1]).not.toHaveProperty('mark');
  });
});

describe('steps', () => {
  const steps = (language: string, text: string): unknown =>
    shellSteps({ page: 'x.md', line: 1, language, lines: text.split('\n') });

  test('of a console block: commands with their output', () => {
    expect(steps('console', '$ a\n1\n2\n\n$ b')).toEqual([
      { command: 'a', output: ['1', '2'] },
      { command: 'b', output: [] },
    ]);
  });

  test('of other blocks: here-documents and continued lines are one command, comments none', () => {
    expect(steps('sh', "# why\na <<'END'\nb\nEND\n\nc |\n  d\ne \\\n  f")).toEqual([
      { command: "a <<'END'\nb\nEND" },
      { command: 'c |\n  d' },
      { command: 'e \\\n  f' },
    ]);
  });

  test('output is compared without numbers and widths', () => {
    expect(sameOutput(['a  12  …', 'took 0.5 s'], ['a 3 b c', 'took 17 s'])).toBe(true);
    expect(sameOutput(['a'], ['a', 'b'])).toBe(false);
    expect(sameOutput(['a.c'], ['abc'])).toBe(false);
  });
});
