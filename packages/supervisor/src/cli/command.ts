/** Commands as data: what the command line, the manual pages and the completion scripts are made of. */
import type { ExitCode, ExitCodeTexts } from './exit-code.ts';
import type { Output } from './output.ts';

export interface OptionDescription {
  /** As commander spells them: `--run-dir <dir>`, `-f, --format <format>`. */
  readonly flags: string;
  readonly description: string;
  readonly defaultValue?: string;
  /** It may be given several times; all values count. */
  readonly repeatable?: true;
  /** The only values allowed. */
  readonly choices?: readonly string[];
}

export interface ArgumentDescription {
  /** As commander spells them: `<name>`, `[dir]`, `<names...>`. */
  readonly flags: string;
  readonly description: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  /** What a shell completes this argument with. */
  readonly completes?: 'bmcs' | 'files' | 'directories';
}

/** The value of an option as the command line has it; a flag is `true` or absent, a repeatable option has all its values. */
export type OptionValue = string | true | readonly string[] | undefined;

/** The values of all options by camelCase name. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What `--help` and the manual page say after the options. */
export interface Help {
  /** Without line breaks: each place wraps them to its own width. */
  readonly paragraphs?: readonly string[];
  readonly lists?: readonly HelpList[];
  readonly exitCodes: ExitCodeTexts;
  /** Command lines. */
  readonly examples?: readonly string[];
}

export interface HelpList {
  readonly title: string;
  readonly rows: readonly HelpRow[];
}

export type HelpRow = readonly [term: string, text: string];

export interface Command {
  readonly name: string;
  /** Completes the sentence "vbmc NAME …": small first letter, no full stop. */
  readonly description: string;
  /** None when left out. */
  readonly arguments?: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
  readonly help: Help;
  /** `given` are the arguments in their order, without optional ones that are missing. */
  readonly run: (options: OptionValues, output: Output, given: readonly string[]) => Promise<ExitCode>;
}

export interface Program {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionDescription[];
  readonly help: Help;
  /** A program does one thing, or has commands. */
  readonly does: { readonly run: Command['run'] } | { readonly commands: readonly Command[] };
}

export function exitCodeRows({ exitCodes }: Help): readonly HelpRow[] {
  return Object.entries(exitCodes);
}
