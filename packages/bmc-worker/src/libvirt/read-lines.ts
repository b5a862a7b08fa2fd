import type { Readable } from 'node:stream';
import { createLineSplitter } from '../ipc/line-splitter.ts';

/** In characters. */
export const MAXIMUM_LINE_LENGTH = 2000;

/** Calls `onLine` for each line of a stream that nothing else reads. A line is cut after `MAXIMUM_LINE_LENGTH`. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const splitter = createLineSplitter(MAXIMUM_LINE_LENGTH);
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    for (const line of splitter.push(piece)) onLine(line);
  });
  stream.on('end', () => {
    for (const line of splitter.end()) onLine(line);
  });
}
