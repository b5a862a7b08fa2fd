/**
 * What the text to the right of `=` means. INI dialects disagree about quotes and about comments at
 * the end of a line, so whatever could be read in two ways is an error that says how to write it.
 */

export type RawValue =
  | { readonly ok: true; readonly value: string; readonly warning?: string }
  | { readonly ok: false; readonly error: string };

const REMEDY = 'put the whole value in double quotes, with \\" for " and \\\\ for \\';

/** Reads the text after `=` as written, leading white space included: it tells a comment from a value. */
export function parseRawValue(raw: string): RawValue {
  const text = raw.trim();
  if (text.startsWith('"')) return parseDoubleQuoted(text);
  if (text.startsWith("'")) return parseSingleQuoted(text);
  if (/\s[;#]/.test(raw)) {
    return { ok: false, error: `white space before ; or # could begin a comment: ${REMEDY}` };
  }
  if (/[;#]/.test(text)) {
    return {
      ok: true,
      value: text,
      warning: `; and # are taken as part of the value, other programs may cut it there: ${REMEDY}`,
    };
  }
  return { ok: true, value: text };
}

/** Writes any text without line breaks so that `parseRawValue` returns it. */
export function quoteValue(value: string): string {
  return `"${value.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

function parseDoubleQuoted(text: string): RawValue {
  // Between the quotes: an escape, or anything that neither ends the value nor begins an escape of it.
  const match = /^"((?:\\["\\]|[^"\\]|\\(?!["\\]))*)"$/s.exec(text);
  if (match?.[1] === undefined) {
    return { ok: false, error: `the value begins with " but does not end with its closing ": ${REMEDY}` };
  }
  return { ok: true, value: match[1].replaceAll(/\\(["\\])/g, '$1') };
}

function parseSingleQuoted(text: string): RawValue {
  if (text.length < 2 || !text.endsWith("'")) {
    return { ok: false, error: `the value begins with ' but does not end with it: ${REMEDY}` };
  }
  return { ok: true, value: text.slice(1, -1) };
}
