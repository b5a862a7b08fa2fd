/**
 * What the text to the right of `=` means. INI dialects differ in how they read quotes and comments at the end of a
 * line, so any text that two of them read differently is an error that says how to write it.
 */
import type { Problem } from '../text/problem.ts';

export type RawValue =
  | { readonly ok: true; readonly value: string; readonly warning?: Problem }
  | { readonly ok: false; readonly problem: Problem };

const REMEDY = 'put the whole value in double quotes, with \\" for " and \\\\ for \\';

/** Reads the text after `=` as written, with its leading white space: that decides what is a comment. */
export function parseRawValue(raw: string): RawValue {
  const text = raw.trim();
  if (text.startsWith('"')) return parseDoubleQuoted(text);
  if (text.startsWith("'")) return parseSingleQuoted(text);
  if (/\s[;#]/.test(raw)) return refuse('white space before ; or # could begin a comment');
  if (/[;#]/.test(text)) {
    const message = '; and # are read as part of the value, but other programs may cut the value there';
    return { ok: true, value: text, warning: { message, remedy: REMEDY } };
  }
  return { ok: true, value: text };
}

/** Writes any text without line breaks so that `parseRawValue` returns it. */
export function quoteValue(value: string): string {
  return `"${value.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

function parseDoubleQuoted(text: string): RawValue {
  // Between the quotes: an escape, or any character that neither ends the value nor begins an escape of it.
  const match = /^"((?:\\["\\]|[^"\\]|\\(?!["\\]))*)"$/s.exec(text);
  if (match?.[1] === undefined) {
    return refuse('the value begins with " but does not end with its closing "');
  }
  return { ok: true, value: match[1].replaceAll(/\\(["\\])/g, '$1') };
}

function parseSingleQuoted(text: string): RawValue {
  if (text.length < 2 || !text.endsWith("'")) {
    return refuse("the value begins with ' but does not end with it");
  }
  return { ok: true, value: text.slice(1, -1) };
}

function refuse(message: string): RawValue {
  return { ok: false, problem: { message, remedy: REMEDY } };
}
