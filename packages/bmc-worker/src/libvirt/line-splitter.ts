/** Cuts a stream into lines of bounded length, so that a program that never ends its line cannot fill the memory. */
import type { Readable } from 'node:stream';

/** In characters. */
export const MAXIMUM_LINE_LENGTH = 2000;

export interface LineSplitter {
  /** Takes the next piece and returns the lines that it completes. */
  push(piece: string): readonly string[];
  /** Returns the text after the last line break, once the stream has ended. */
  end(): readonly string[];
}

/** Drops what exceeds `maximumLength` characters of a line, and empty lines. */
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

/** Calls `onLine` for each line of a stream that nothing else reads. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const splitter = createLineSplitter();
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    for (const line of splitter.push(piece)) onLine(line);
  });
  stream.on('end', () => {
    for (const line of splitter.end()) onLine(line);
  });
}
