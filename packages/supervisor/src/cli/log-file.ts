/** `--log-file`: what a verb has to say on standard error is kept in a file too. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { errorText } from '../host/error-code.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { text } from './options.ts';
import type { Output } from './output.ts';

export const logFileOption = text(
  '<file>',
  'append what is printed on standard error to this file, with the time',
);

/** Not blocking: no verb waits for a FIFO that nobody reads. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** The verb is not carried out when the file cannot be opened, as with VirtualBMC. */
export function loggingProblems(run: Command['run']): Command['run'] {
  return async (options, output, given) => {
    const path = options['logFile'];
    if (typeof path !== 'string') return run(options, output, given);
    let file: number;
    try {
      file = openSync(path, FLAGS, 0o666);
    } catch (error) {
      output.problem(`vbmc: cannot write the log file: ${errorText(error)}\n`);
      return exitCodes.failed;
    }
    try {
      return await run(options, withLog(output, file), given);
    } finally {
      closeSync(file);
    }
  };
}

function withLog(output: Output, file: number): Output {
  let fails = false;
  return {
    ...output,
    problem: (problem) => {
      output.problem(problem);
      if (fails || problem === '') return;
      try {
        writeSync(file, problem.replaceAll(/^(?=.)/gm, `${new Date().toISOString()} `));
      } catch (error) {
        // The verb goes on: it may have changed something already.
        fails = true;
        output.problem(`vbmc: cannot write the log file: ${errorText(error)}\n`);
      }
    },
  };
}
