/** `--log-file`: what a verb has to say on standard error is kept in a file too. */
import { closeSync, constants, fstatSync, open, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../host/error-code.ts';
import { holding } from '../host/held-directory.ts';
import { Refusal } from '../host/operator-error.ts';
import { problemText } from '../text/problem.ts';
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

/** A plain descriptor, which no `FileHandle` closes. */
const openFile = promisify(open);

/** The kernel's links to what this process has open. It need not have a path, and a socket cannot be opened again. */
const ownDescriptor = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/;
const standardStreams: ReadonlyMap<string, number> = new Map([
  ['/dev/stdout', 1],
  ['/dev/stderr', 2],
]);

/** The number of the descriptor that the path stands for. */
function descriptorOf(path: string): number | undefined {
  const digits = ownDescriptor.exec(path)?.[1];
  return digits === undefined ? standardStreams.get(path) : Number(digits);
}

/** The verb is not carried out when the file cannot be opened, as with VirtualBMC. */
export function loggingProblems(run: Command['run']): Command['run'] {
  return async (options, output, given) => {
    const path = options['logFile'];
    if (typeof path !== 'string') return run(options, output, given);
    const own = descriptorOf(path);
    let file: number;
    try {
      if (own !== undefined) fstatSync(own);
      file = own ?? (await openLog(path));
    } catch (error) {
      const why = error instanceof Refusal ? problemText(error) : errorText(error);
      output.problem(`vbmc: cannot write the log file: ${why}\n`);
      return exitCodes.failed;
    }
    try {
      return await run(options, withLog(output, file), given);
    } finally {
      if (own === undefined) closeSync(file);
    }
  };
}

/** Root's verb must not append to what another user has put a link to, in /tmp for instance. */
async function openLog(path: string): Promise<number> {
  return holding(async (holder) => {
    const whole = resolve(path);
    const { directory, name } = await holder.entry(await holder.directory(dirname(whole)), basename(whole));
    return directory.within(async (here) => openFile(`${here}/${name}`, FLAGS | constants.O_NOFOLLOW, 0o666));
  });
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
