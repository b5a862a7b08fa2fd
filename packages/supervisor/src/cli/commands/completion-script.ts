/** Completion scripts for shells, made from the same data as the command line itself. Pure. */
import type { Command, OptionDescription, Program } from '../command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

type Completes = 'bmcs' | 'files' | 'directories' | undefined;

interface Flag {
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly isPath: boolean;
}

/**
 * The command by which each shell gets the names of the BMCs, one a line; it prints nothing when vbmcd is not running. The names
 * are other people's text: a shell may read them as data only, and gets them quoted on its command line.
 */
const LIST_BMC_NAMES = 'vbmc list --names 2>/dev/null';

export function completionScript(shell: Shell, { name, options, does }: Program): string {
  const commands = 'commands' in does ? does.commands : [];
  const global = options.map(toFlag);
  if (shell === 'bash') return bash(name, commands, global);
  if (shell === 'zsh') return zsh(name, bash(name, commands, global));
  return fish(name, commands, global);
}

/** The verbs and the options of each, in the form that VirtualBMC has for other shells. */
export function completionWords({ options, does }: Program): string {
  const commands = 'commands' in does ? does.commands : [];
  const names = commands.map((command) => command.name).sort();
  const lines = commands.map((command) => {
    const flags = [...command.options, ...options].map((option) => toFlag(option).name);
    return [command.name, ['-h', '--help', ...flags].join(' ')];
  });
  return [['', names.join(' ')], ...lines.sort()]
    .map(([name = '', words = '']) => `  cmds${name === '' ? '' : `_${name}`}='${words}'\n`)
    .join('');
}

function toFlag({ flags, description, choices = [] }: OptionDescription): Flag {
  const name = /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;
  return {
    name,
    description,
    takesValue: /[<[]/.test(flags),
    choices,
    isPath: /<(?:file|dir)>/.test(flags),
  };
}

function completes(command: Command): { readonly words: readonly string[]; readonly kind: Completes } {
  const given = command.arguments ?? [];
  return {
    words: given.flatMap(({ choices = [] }) => choices),
    kind: given.find((argument) => argument.completes !== undefined)?.completes,
  };
}

/** zsh runs the script for bash, through its bashcompinit. */
function zsh(name: string, script: string): string {
  return `#compdef ${name}
autoload -U +X bashcompinit && bashcompinit
${script}# zsh loads this file when it completes for the first time, and takes it for the function itself.
if [[ "\${funcstack[1]}" == _${name} ]]; then _bash_complete -F _${name}; fi
`;
}

function bash(name: string, commands: readonly Command[], global: readonly Flag[]): string {
  const all = commands.map((command) => command.name);
  const cases = commands.map((command) => {
    const flags = [...command.options.map(toFlag), ...global].map((flag) => flag.name);
    const { words, kind } = completes(command);
    return `    ${command.name}) words="${[...flags, '--help', ...words].join(' ')}" kind=${kind ?? 'none'} ;;`;
  });
  const valued = [...global, ...commands.flatMap((command) => command.options.map(toFlag))].filter(
    ({ takesValue }) => takesValue,
  );
  const values = [...new Map(valued.map((flag) => [flag.name, flag])).values()];
  // `compgen -W` expands its words, so it may get words of this script only.
  return `_${name}_offer() {
  local one quoted
  while IFS= read -r one; do
    quoted=$(printf %q "$one")
    if [[ "$one" == "$1"* || "$quoted" == "$1"* ]]; then COMPREPLY+=("$quoted"); fi
  done
}
_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" kind=none
  local index skip=""
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "\${COMP_WORDS[index]}" in
${bashNames(values)}) skip=1 ;;
    -*) ;;
    *) command="\${COMP_WORDS[index]}"; break ;;
    esac
  done
  case "$before" in
${values
  .filter(isOffered)
  .map((flag) => bashValue(name, flag))
  .join('\n')}
${bashNames(values.filter((flag) => !isOffered(flag)))}) return ;;
  esac
  case "$command" in
    "") words="${[...all, ...global.map((flag) => flag.name), '--help', '--version'].join(' ')}" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case "$kind" in
    bmcs) if [[ $word != -* ]]; then _${name}_offer "$word" < <(${LIST_BMC_NAMES}); fi ;;
    files) _${name}_offer "$word" < <(compgen -f -- "$word") ;;
    directories) _${name}_offer "$word" < <(compgen -d -- "$word") ;;
  esac
}
complete -F _${name} ${name}
`;
}

/** Whether the shell can complete the value of a flag. */
function isOffered({ choices, isPath }: Flag): boolean {
  return isPath || choices.length > 0;
}

function bashNames(flags: readonly Flag[]): string {
  return `    ${flags.map((flag) => flag.name).join('|')}`;
}

function bashValue(program: string, { name, choices }: Flag): string {
  const offer =
    choices.length > 0
      ? `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word"))`
      : `_${program}_offer "$word" < <(compgen -f -- "$word")`;
  return `    ${name}) ${offer}; return ;;`;
}

function fish(name: string, commands: readonly Command[], global: readonly Flag[]): string {
  const line = (condition: string, rest: string): string => `complete -c ${name}${condition} ${rest}\n`;
  const flag = (condition: string, one: Flag): string => {
    const { name: flagName, description, takesValue, choices, isPath } = one;
    const offered = isPath ? '-r -F' : choices.length > 0 ? `-x -a ${quote(choices.join(' '))}` : '-x';
    const value = takesValue ? ` ${offered}` : '';
    return line(condition, `-l ${flagName.slice(2)} -d ${quote(description)}${value}`);
  };
  const perCommand = commands.map((command) => {
    const condition = ` -n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
    const { words, kind } = completes(command);
    const given = [
      ...(words.length > 0 ? [line(condition, `-a ${quote(words.join(' '))}`)] : []),
      ...(kind === 'bmcs' ? [line(condition, `-a ${quote(`(${LIST_BMC_NAMES})`)}`)] : []),
      ...(kind === 'files' || kind === 'directories' ? [line(condition, '-F')] : []),
    ];
    return [...command.options.map((option) => flag(condition, toFlag(option))), ...given].join('');
  });
  const verbs = commands.map(({ name: verb, description }) =>
    line(' -n __fish_use_subcommand', `-a ${verb} -d ${quote(description)}`),
  );
  return [line('', '-f'), ...global.map((one) => flag('', one)), ...verbs, ...perCommand].join('');
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}
