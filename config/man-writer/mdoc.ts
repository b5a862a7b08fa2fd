/** Pieces of mdoc(7), the language of manual pages. Pure. */
import { wrapText } from '#supervisor/text/wrap.ts';

const LINE_WIDTH = 78;

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '`': '\\(ga',
  "'": '\\(aq',
  '"': '\\(dq',
  '~': '\\(ti',
  '^': '\\(ha',
};

/** Text in which no character is markup, and whose dashes can be pasted into a shell. */
export function escapeText(text: string): string {
  return text.replaceAll(/[\\\-`'"~^]/g, (character) => escapes[character] ?? character);
}

/** Running text: words in back quotes are what the operator types. Each sentence begins a new line. */
export function prose(text: string): string {
  return text
    .trim()
    .split(/(?<=[.!?])\s+/)
    .flatMap((sentence) => wrapText(markUp(escapeText(sentence)), LINE_WIDTH))
    .map(guarded)
    .join('\n');
}

/** Makes what the operator types bold, and keeps paths from being hyphenated. */
function markUp(escaped: string): string {
  return escaped.replaceAll(/\\\(ga(.+?)\\\(ga/g, '\\fB$1\\fR').replaceAll(/(?<=^| )(?=[^ ]*\/)/g, '\\%');
}

/** Lines that keep their breaks and spaces. */
export function literal(lines: readonly string[]): string {
  return ['.Bd -literal -offset indent', ...lines.map((line) => guarded(escapeText(line))), '.Ed'].join('\n');
}

export interface Tagged {
  /** What follows `.It`: macros and text of mdoc, escaped. */
  readonly tag: string;
  readonly text: string;
}

/** `width` is a text as wide as the widest tag whose text begins on the same line. */
export function tagList(items: readonly Tagged[], width: string, spacing: '' | '-compact' = ''): string {
  const rows = items.map(({ tag, text }) => (text === '' ? `.It ${tag}` : `.It ${tag}\n${prose(text)}`));
  return [`.Bl -tag -width ${width} ${spacing}`.trimEnd(), ...rows, '.El'].join('\n');
}

/** A line that begins with a dot would be taken for a macro. */
function guarded(line: string): string {
  return line.startsWith('.') ? `\\&${line}` : line;
}
