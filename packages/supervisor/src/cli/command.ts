/** Commands as data: what `command-line.ts` needs to parse one, explain it and run it. */
import type { ExitCode } from './exit-code.ts';

export interface OptionDescription {
  /** As commander spells them: `--run-dir <dir>`. */
  readonly flags: string;
  readonly description: string;
  readonly defaultValue?: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
}

export interface ArgumentDescription {
  /** As commander spells them: `<name>`, `[dir]`, `<names...>`. */
  readonly flags: string;
  readonly description: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  /** What a shell offers here. */
  readonly completes?: 'bmcs' | 'files' | 'directories';
}

/** The values of all options by camelCase name; a flag without argument is `true` or absent. */
export type OptionValues = Readonly<Record<string, string | true | undefined>>;

export interface Output {
  /** Results, to standard output. */
  readonly result: (text: string) => void;
  /** Problems, to standard error. */
  readonly problem: (text: string) => void;
}

export interface Command {
  readonly name: string;
  readonly description: string;
  /** None when left out. */
  readonly arguments?: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
  readonly help: string;
  /** `given` are the arguments in their order, without those left out. */
  readonly run: (options: OptionValues, output: Output, given: readonly string[]) => Promise<ExitCode>;
}

export interface Program {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionDescription[];
  readonly help: string;
  /** A program does one thing, or has commands. */
  readonly does: { readonly run: Command['run'] } | { readonly commands: readonly Command[] };
}
