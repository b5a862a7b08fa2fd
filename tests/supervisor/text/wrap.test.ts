import { wrapText } from '#supervisor/text/wrap.ts';

test('lines are as long as the width allows', () => {
  expect(wrapText('one two  three\nfour', 9)).toEqual(['one two', 'three', 'four']);
  expect(wrapText('abcd efgh', 9)).toEqual(['abcd efgh']);
});

test('a word that is longer than the width has a line of its own', () => {
  expect(wrapText('a 123456789 b', 5)).toEqual(['a', '123456789', 'b']);
});

test('an empty text has no lines', () => {
  expect(wrapText('', 5)).toEqual([]);
});
