/** How a verb ends that cannot be carried out: one message on standard error and an exit code, no stack. */
import { errorCode } from '../host/error-code.ts';
import { Refusal } from '../host/operator-error.ts';
import type { Command } from './command.ts';
import { ControlFailure } from './control-failure.ts';
import { exitCodes } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/** Runs `run`; what the operator can mend is reported, a bug is not caught. */
export function reportingFailures(run: Command['run']): Command['run'] {
  return async (options, output, given) => {
    try {
      return await run(options, output, given);
    } catch (error) {
      if (error instanceof ControlFailure) {
        output.problem(`vbmc: ${error.message}\n`);
        return error.exitCode;
      }
      if (error instanceof UsageError) {
        output.problem(`vbmc: ${error.message}\n`);
        return exitCodes.usage;
      }
      if (error instanceof Refusal) {
        output.problem(`vbmc: ${error.message}\n`);
        return exitCodes.failed;
      }
      const code = errorCode(error);
      if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
      output.problem(`vbmc: ${(error as Error).message}${code === 'EACCES' ? ': run vbmc as root' : ''}\n`);
      return exitCodes.failed;
    }
  };
}
