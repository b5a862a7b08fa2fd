/** Cuts a stream into lines of bounded length, so that a program which never ends its line fills no memory. */

export const MAXIMUM_LINE_LENGTH = 2000;

export interface LineSplitter {
  /** Takes the next piece and returns the lines that it completes. */
  push(piece: string): readonly string[];
  /** What stood after the last line break, when the stream has ended. */
  end(): readonly string[];
}

/** What exceeds `maximumLength` characters of a line is dropped; empty lines are left out. */
export function createLineSplitter(maximumLength = MAXIMUM_LINE_LENGTH): LineSplitter {
  let rest = '';
  const bounded = (line: string): string => line.slice(0, maximumLength);
  return {
    push(piece) {
      const lines = piece.split('\n');
      lines[0] = rest + (lines[0] ?? '');
      rest = bounded(lines.pop() ?? '');
      return lines.map((line) => bounded(line.replace(/\r$/, ''))).filter((line) => line !== '');
    },
    end() {
      const last = rest;
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}
