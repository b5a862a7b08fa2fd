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

/** The command by which each shell gets the names of the BMCs; it prints nothing when vbmcd is not running. */
const LIST_BMC_NAMES = `vbmc list 2>/dev/null | awk 'NR > 1 { print $1 }'`;

export function completionScript(shell: Shell, { name, options, does }: Program): string {
  const commands = 'commands' in does ? does.commands : [];
  const global = options.map(toFlag);
  if (shell === 'bash') return bash(name, commands, global);
  if (shell === 'zsh')
    return `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bash(name, commands, global)}`;
  return fish(name, commands, global);
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

/** zsh runs this script as well, through its bashcompinit. */
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
  return `_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" kind=none
  local index skip=""
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "\${COMP_WORDS[index]}" in
${bashNames(values)}) skip=1 ;;
    -*) ;;
    *) command="\${COMP_WORDS[index]}"; break ;;
    esac
  done
  case "$before" in
${values.filter(isOffered).map(bashValue).join('\n')}
${bashNames(values.filter((flag) => !isOffered(flag)))}) return ;;
  esac
  case "$command" in
    "") words="${[...all, ...global.map((flag) => flag.name), '--help', '--version'].join(' ')}" ;;
${cases.join('\n')}
  esac
  if [[ $kind == bmcs && $word != -* ]]; then words="$words $(${LIST_BMC_NAMES})"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ $kind == files ]]; then COMPREPLY+=($(compgen -f -- "$word")); fi
  if [[ $kind == directories ]]; then COMPREPLY+=($(compgen -d -- "$word")); fi
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

function bashValue({ name, choices }: Flag): string {
  const words = choices.length > 0 ? `-W "${choices.join(' ')}"` : '-f';
  return `    ${name}) COMPREPLY=($(compgen ${words} -- "$word")); return ;;`;
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
