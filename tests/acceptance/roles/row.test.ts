import { lineOf, linesBetween, markdownTable, rowProblem, type Row } from './row.ts';

const row: Row = { file: 'tasks/main.yml', lines: '3', what: 'adds it', outcome: 'works', why: 'virsh: on' };
const broken: Row = { ...row, outcome: 'breaks', why: 'no such | option\nat all' };

test('a break has to be known, and what is known to break has to', () => {
  expect(rowProblem(row, {})).toBeUndefined();
  expect(rowProblem(broken, {})).toBe(broken.why);
  expect(rowProblem(broken, { 'adds it': 'by design' })).toBeUndefined();
  expect(rowProblem(row, { 'adds it': 'by design' })).toMatch(/works now.*by design/);
  expect(rowProblem({ ...row, outcome: 'cannot', why: 'pip' }, {})).toBeUndefined();
});

test('the table has one line for each row, whatever is in it', () => {
  const rows = [row, broken].map((one) => ({ ...one, automation: 'lab 1234567' }));
  const lines = markdownTable(rows, {}).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toBe('| lab 1234567 | `tasks/main.yml` 3 | adds it | works: virsh: on |');
  expect(lines[3]).toContain('breaks: no such \\| option at all');
  expect(markdownTable(rows, { 'adds it': 'by design' })).toContain('breaks: by design');
});

test('lines are found by their text', () => {
  const text = 'a\nb {\n c\n}\nd {\n}';
  expect(lineOf(text, 'b')).toBe(2);
  expect(linesBetween(text, 'b {', /^}/)).toEqual({ text: 'b {\n c\n}', lines: '2-4' });
  expect(linesBetween(text, 'd')).toEqual({ text: 'd {', lines: '5' });
  expect(() => lineOf(text, 'x')).toThrow('the file has changed');
  expect(() => linesBetween(text, 'd', 'a')).toThrow('the file has changed');
});
