/** Splits a text into lines that keep their line ends, so that joining them gives the same text, byte for byte. */

export interface TextLine {
  readonly content: string;
  /** `\n`, `\r\n`, `\r`, or nothing at the end of a text without a final newline. */
  readonly end: string;
}

export function splitLines(text: string): readonly TextLine[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)]
    .map(([, content = '', end = '']) => ({ content, end }))
    .filter(({ content, end }) => content !== '' || end !== '');
}

export function joinLines(lines: readonly TextLine[]): string {
  return lines.map(({ content, end }) => content + end).join('');
}

/** The last line end of the text, for lines that are added. */
export function lineEnd(lines: readonly TextLine[]): string {
  return lines.findLast(({ end }) => end !== '')?.end ?? '\n';
}
