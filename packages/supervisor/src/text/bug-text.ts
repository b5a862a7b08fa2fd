import { printable } from './printable.ts';

/** Frames of the stack; more tell nothing new, and the line has to stay readable. */
const FRAMES = 6;

/** What was thrown and where, in one line: for the log and for who mends it. */
export function bugText(thrown: unknown): string {
  const text = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown);
  const lines = text.split('\n').map((line) => line.trim());
  return printable(lines.slice(0, 1 + FRAMES).join(' '), 1_000);
}
