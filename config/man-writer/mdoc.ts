/** Pieces of mdoc(7), the language of manual pages. Pure. */

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

/** Text in which no character has a meaning of its own, and whose dashes can be pasted into a shell. */
export function escapeText(text: string): string {
  return text.replaceAll(/[\\\-`'"~^]/g, (character) => escapes[character] ?? character);
}

/** Running text: what stands in back quotes is what one types. A sentence begins a line of its own. */
export function prose(text: string): string {
  return text
    .trim()
    .split(/(?<=[.!?])\s+/)
    .flatMap((sentence) => wrap(markUp(escapeText(sentence))))
    .map(guarded)
    .join('\n');
}

/** Bold for what is typed, and no hyphenation of paths. */
function markUp(escaped: string): string {
  return escaped.replaceAll(/\\\(ga(.+?)\\\(ga/g, '\\fB$1\\fR').replaceAll(/(?<=^| )(?=[^ ]*\/)/g, '\\%');
}

/** Lines as they are. */
export function literal(lines: readonly string[]): string {
  return ['.Bd -literal -offset indent', ...lines.map((line) => guarded(escapeText(line))), '.Ed'].join('\n');
}

export interface Tagged {
  /** What follows `.It`: words of mdoc, escaped. */
  readonly tag: string;
  readonly text: string;
}

/** `width` is a text as wide as the widest tag that shall stand beside its text. */
export function tagList(items: readonly Tagged[], width: string, spacing: '' | '-compact' = ''): string {
  const rows = items.map(({ tag, text }) => (text === '' ? `.It ${tag}` : `.It ${tag}\n${prose(text)}`));
  return [`.Bl -tag -width ${width} ${spacing}`.trimEnd(), ...rows, '.El'].join('\n');
}

/** A line that begins with a dot would be taken for a macro. */
function guarded(line: string): string {
  return line.startsWith('.') ? `\\&${line}` : line;
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= LINE_WIDTH) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
