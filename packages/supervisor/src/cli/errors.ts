/** Why a verb could not be carried out, and how it ends then. */
import { OperatorError } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';
import { printable } from '../text/printable.ts';
import { problemText } from '../text/problem.ts';
import { defined } from '../text/records.ts';
import type { Command } from './command.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** In characters; a path has at most 4,096 bytes, and a message may quote an answer of vbmcd. */
const MAXIMUM_LENGTH = 6_000;

/** The command line contradicts itself in a way that its options as data cannot express. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}

/** vbmcd could not be reached, or did not do what it was asked for. */
export class ControlFailure extends OperatorError {
  override readonly name = 'ControlFailure';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, remedy?: string) {
    super(message, defined({ remedy }));
    this.exitCode = exitCode;
  }
}

/** Runs `run`. An error that the operator can put right becomes one line and an exit code; a bug is not caught. */
export function reportingFailures(run: Command['run'], program = 'vbmc'): Command['run'] {
  return async (options, output, given) => {
    try {
      return await run(options, output, given);
    } catch (error) {
      output.problem(`${program}: ${describeFailure(error)}\n`);
      return exitCodeOf(error);
    }
  };
}

/** Throws what is a bug. */
function describeFailure(error: unknown): string {
  if (error instanceof OperatorError && error.hasLines) return problemText(error);
  const problem = error instanceof OperatorError ? error : systemProblem(error);
  if (problem === undefined) throw error;
  return printable(problemText(problem), MAXIMUM_LENGTH);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ControlFailure) return error.exitCode;
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}
