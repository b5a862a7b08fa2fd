/** A text as lines that keep their ends, so that joining them gives the text back byte for byte. */

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

/** How this text ends its lines at last, so that added ones look like the others. */
export function lineEnd(lines: readonly TextLine[]): string {
  return lines.findLast(({ end }) => end !== '')?.end ?? '\n';
}
