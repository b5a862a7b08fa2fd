/** Why a worker ended, in one line. */
import { printable } from '../text/printable.ts';

/** The end of a process as Node reports it: exactly one of the two is set. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** `errorLines` are the last lines that the worker wrote to its standard error. */
export function describeProcessEnd(end: ProcessEnd, errorLines: readonly string[]): string {
  const how =
    end.signal === null ? `ended with exit code ${end.code ?? 'unknown'}` : `ended by ${end.signal}`;
  // Node prints the source line, the stack and its own version around the one line that names the error.
  const error = errorLines.find((line) => /^(?:[A-Za-z]*Error\b|FATAL ERROR)/.test(line));
  return error === undefined ? `worker ${how}` : `worker ${how}: ${error}`;
}

/** Likewise, for a log; also for a worker that could not be started. */
export function describeEndOfWorker(
  end: ProcessEnd,
  startFailure: string | undefined,
  errorLines: readonly string[],
): string {
  if (startFailure !== undefined) return `worker could not be started: ${startFailure}`;
  return printable(describeProcessEnd(end, errorLines), 500);
}
