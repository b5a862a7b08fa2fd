import fc from 'fast-check';
import { parseRawValue, quoteValue } from '#supervisor/inventory/raw-value.ts';

const text = fc.string({ unit: 'binary' }).filter((value) => !/[\r\n]/.test(value));

describe('parseRawValue', () => {
  test.each([
    [' plain ', 'plain'],
    ['', ''],
    [' a b  c ', 'a b  c'],
    [' 100%=x', '100%=x'],
    [' a"b\'c', 'a"b\'c'],
    [' back\\slash', 'back\\slash'],
    [' "quoted"', 'quoted'],
    [' " a "', ' a '],
    [' "a ; b # c"', 'a ; b # c'],
    [' "say \\"hi\\""', 'say "hi"'],
    [' "c:\\\\dir"', 'c:\\dir'],
    [' "c:\\dir"', 'c:\\dir'],
    [' ""', ''],
    [" 'it's ; \\ literal'", "it's ; \\ literal"],
  ])('%j reads as %j', (raw, value) => {
    expect(parseRawValue(raw)).toEqual({ ok: true, value });
  });

  test.each([' a;b', ' a#b', 'x;', ';x'])(
    '%j is taken literally, with a warning that names the remedy',
    (raw) => {
      const parsed = parseRawValue(raw);
      expect(parsed).toMatchObject({ ok: true, value: raw.trim() });
      expect(parsed).toHaveProperty('warning.remedy', expect.stringContaining('double quotes'));
    },
  );

  test.each([
    ' a ;b',
    ' a # b',
    ' #a',
    '\t;',
    ' "a',
    ' "a" b',
    ' "a"b"',
    ' "',
    " 'a",
    " '",
    ' "a\\"',
    ' "a" ; note',
  ])('%j could be read in two ways: an error that names the remedy', (raw) => {
    expect(parseRawValue(raw)).toEqual({
      ok: false,
      problem: {
        message: expect.any(String) as string,
        remedy: expect.stringContaining('double quotes') as string,
      },
    });
  });

  test('any text is the same after quoting and parsing', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(parseRawValue(` ${quoteValue(value)} `)).toEqual({ ok: true, value });
      }),
    );
  });
});
