/** Where a command writes. */
import { errorCode } from '../host/error-code.ts';
import { systemProblem } from '../host/system-problem.ts';
import { problemText } from '../text/problem.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

export interface Output {
  /** Results, to standard output. */
  readonly result: (text: string) => void;
  /** Problems, to standard error. */
  readonly problem: (text: string) => void;
  /** The width of the terminal that results go to; absent when they go elsewhere. */
  readonly terminalColumns?: number;
  /** Aborted when results cannot be written any more: a command that prints without end ends then. */
  readonly closed?: AbortSignal;
}

export interface ProcessOutput extends Output {
  /** Sets the exit code of this process: that of the command, or `failed` if its results could not be written. */
  readonly finish: (exitCode: ExitCode) => void;
}

/**
 * This process's own standard output and error. A reader that wants no more (`vbmc list | head -1`) is no failure: the
 * rest is dropped in silence. Any other error is told once.
 */
export function processOutput(program: string): ProcessOutput {
  const closing = new AbortController();
  let failed = false;
  process.stdout.on('error', (error: Error) => {
    if (!closing.signal.aborted && errorCode(error) !== 'EPIPE') {
      failed = true;
      process.exitCode = exitCodes.failed;
      process.stderr.write(
        `${program}: cannot write to standard output: ${problemText(systemProblem(error) ?? error)}\n`,
      );
    }
    closing.abort();
  });
  // There is no other place to tell of it.
  process.stderr.on('error', () => undefined);
  return {
    result: (text) => {
      if (!closing.signal.aborted) process.stdout.write(text);
    },
    problem: (text) => process.stderr.write(text),
    closed: closing.signal,
    ...(process.stdout.isTTY && { terminalColumns: process.stdout.columns }),
    finish: (exitCode) => {
      process.exitCode = failed ? exitCodes.failed : exitCode;
    },
  };
}

/** One value, indented. */
export function printJson(output: Output, value: unknown): void {
  output.result(`${JSON.stringify(value, null, 2)}\n`);
}

/** One value on one line, for streams of values. */
export function printJsonLine(output: Output, value: unknown): void {
  output.result(`${JSON.stringify(value)}\n`);
}
