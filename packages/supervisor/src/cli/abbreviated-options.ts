/**
 * Long options by the beginning of their name, if no other begins so: argparse, and with it VirtualBMC, takes `--form json` for
 * `--format json`. Pure.
 */
import type { OptionDescription, Program } from './command.ts';

export interface AmbiguousOption {
  readonly given: string;
  readonly candidates: readonly string[];
}

interface KnownOption {
  readonly forms: readonly string[];
  readonly takesValue: boolean;
}

const alwaysThere: readonly KnownOption[] = [
  { forms: ['--help', '-h'], takesValue: false },
  { forms: ['--version'], takesValue: false },
];

/** The command line with whole names, or the first option that could be several. What is no option at all stays as it is. */
export function expandOptions(
  program: Program,
  argv: readonly string[],
): readonly string[] | AmbiguousOption {
  const ofProgram = [...alwaysThere, ...program.options.map(known)];
  let ofVerb: readonly KnownOption[] = [];
  let isVerbSeen = !('commands' in program.does);
  let isValue = false;
  const expanded: string[] = [];
  for (const [index, word] of argv.entries()) {
    if (word === '--' && !isValue) return [...expanded, ...argv.slice(index)];
    if (isValue || !word.startsWith('-')) {
      if (!isValue && !isVerbSeen) {
        ofVerb = verbOptions(program, word);
        isVerbSeen = true;
      }
      isValue = false;
      expanded.push(word);
      continue;
    }
    const [name = '', ...value] = word.split('=');
    const found = find(name, [ofVerb, ofProgram]);
    if (found.length > 1) return { given: name, candidates: found.map(({ forms }) => forms[0] ?? '') };
    const [option] = found;
    isValue = option?.takesValue === true && value.length === 0;
    expanded.push([fullName(name, option), ...value].join('='));
  }
  return expanded;
}

/** What the word may mean: exactly, else by its beginning; the options of the verb come before those of the program. */
function find(name: string, levels: readonly (readonly KnownOption[])[]): readonly KnownOption[] {
  const exact = levels.flat().find(({ forms }) => forms.includes(name));
  if (exact !== undefined) return [exact];
  if (!/^--./.test(name)) return [];
  const byBeginning = levels.map((options) => options.filter(({ forms }) => forms[0]?.startsWith(name)));
  return byBeginning.find((found) => found.length > 0) ?? [];
}

function fullName(name: string, option: KnownOption | undefined): string {
  return option === undefined || option.forms.includes(name) ? name : (option.forms[0] ?? name);
}

function verbOptions({ does }: Program, verb: string): readonly KnownOption[] {
  if (!('commands' in does)) return [];
  return (does.commands.find(({ name }) => name === verb)?.options ?? []).map(known);
}

/** `-f, --format <format>`; the long form comes first. */
function known({ flags }: OptionDescription): KnownOption {
  const forms = flags.match(/--?[A-Za-z0-9][A-Za-z0-9-]*/g) ?? [];
  return {
    forms: forms.toSorted((one, other) => other.length - one.length),
    takesValue: flags.includes('<'),
  };
}
