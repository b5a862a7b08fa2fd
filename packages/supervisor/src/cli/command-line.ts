/** The only importer of commander: parses a command line as a `Program` describes it, and runs the command. */
import { Argument, Command as Parser, CommanderError, Option } from 'commander';
import { VERSION } from '../host/version.ts';
import { expandOptions } from './abbreviated-options.ts';
import type { ArgumentDescription, Command, OptionDescription, OptionValues, Program } from './command.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { HELP_WIDTH, renderHelp } from './help-text.ts';
import type { Output } from './output.ts';

/** `argv` is without interpreter and script. Returns the exit code, also for help, version and usage errors. */
export async function runCommandLine(
  program: Program,
  argv: readonly string[],
  output: Output,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  // As with VirtualBMC: the program with verbs says its name too.
  const version = 'commands' in program.does ? `${program.name} ${VERSION}` : VERSION;
  const parser = describe(new Parser(), program, output).version(version, '--version', 'print the version');
  const run = (parsed: Parser, action: Command['run']): Parser =>
    parsed.action(async (...received: unknown[]) => {
      // commander calls with the arguments, the options and then the command itself.
      const invoked = received.at(-1) as Parser;
      exitCode = await action(invoked.optsWithGlobals<OptionValues>(), output, invoked.args);
    });
  if ('run' in program.does) run(parser, program.does.run);
  else {
    for (const command of program.does.commands) {
      const parsed = describe(new Parser(command.name), command, output);
      parser.addCommand(run(parsed, command.run));
    }
  }
  const expanded = expandOptions(program, argv);
  if ('given' in expanded) {
    const { given, candidates } = expanded;
    output.problem(`error: option '${given}' could be ${candidates.join(', ')}: write more of its name\n`);
    return exitCodes.usage;
  }
  try {
    await parser.parseAsync([...helpLast(expanded)], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  return exitCode;
}

/** `--help VERB` is the help of the verb. */
function helpLast(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  return ['-h', '--help'].includes(first) ? [...rest, first] : argv;
}

function describe(parser: Parser, description: Omit<Command, 'run'>, output: Output): Parser {
  parser
    .name(description.name)
    .description(description.description)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .allowExcessArguments(false)
    .addHelpText('after', renderHelp(description.help))
    .configureHelp({ helpWidth: HELP_WIDTH })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: output.result, writeErr: output.problem });
  for (const argument of description.arguments ?? []) parser.addArgument(toArgument(argument));
  for (const option of description.options) parser.addOption(toOption(option));
  return parser;
}

function appended(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function toArgument({ flags, description, choices }: ArgumentDescription): Argument {
  const argument = new Argument(flags, description);
  return choices === undefined ? argument : argument.choices([...choices]);
}

function toOption({ flags, description, defaultValue, choices, repeatable }: OptionDescription): Option {
  const option = new Option(flags, description);
  // To commander --no-X is the contrary of an option --X.
  option.negate = false;
  if (defaultValue !== undefined) option.default(defaultValue);
  if (choices !== undefined) option.choices([...choices]);
  if (repeatable) option.argParser(appended);
  return option;
}
