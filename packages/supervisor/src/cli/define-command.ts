/** A verb of vbmc from typed options to the data that the command line needs. */
import type { Command } from './command.ts';
import { reportingFailures } from './errors.ts';
import type { ExitCode } from './exit-code.ts';
import { loggingProblems } from './log-file.ts';
import { describeOptions, flag, readOptions, textElse, type Options, type ValuesOf } from './options.ts';
import type { Output } from './output.ts';
import { defaultPaths, pathTexts } from './paths.ts';

/** Options of every verb. */
export const commonOptions = {
  runDir: textElse(
    () => defaultPaths().runDirectory,
    pathTexts.runDirectory,
    '<dir>',
    'the directory of the control socket of vbmcd',
  ),
};
export type CommonOptions = ValuesOf<typeof commonOptions>;

export const jsonOption = flag('print JSON');

export interface CommandDefinition<O extends Options> extends Omit<Command, 'options' | 'run'> {
  readonly options: O;
  /** `given` are the arguments in their order, without optional ones that are missing. */
  readonly run: (
    options: CommonOptions & ValuesOf<O>,
    output: Output,
    given: readonly string[],
  ) => Promise<ExitCode>;
}

export function defineCommand<O extends Options>({ options, run, ...rest }: CommandDefinition<O>): Command {
  return {
    ...rest,
    options: describeOptions(options),
    run: loggingProblems(
      reportingFailures((values, output, given) =>
        run({ ...readOptions(commonOptions, values), ...readOptions(options, values) }, output, given),
      ),
    ),
  };
}
