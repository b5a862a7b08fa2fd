/** Throws an error with both values unless `actual` equals or matches `expected`. */
export function expectText(what: string, actual: string, expected: string | RegExp): void {
  const alike = typeof expected === 'string' ? actual === expected : expected.test(actual);
  if (!alike) throw new Error(`${what} is ${JSON.stringify(actual)}, and not ${String(expected)}`);
}
