/** The parts of vbmc(1) and vbmcd(8) about options, verbs and exit codes, made from the command line itself. Pure. */
import {
  exitCodeRows,
  type ArgumentDescription,
  type Command,
  type Help,
  type HelpRow,
  type OptionDescription,
  type Program,
} from '#supervisor/cli/command.ts';
import { escapeText, literal, prose, tagList, type Tagged } from './mdoc.ts';

/** The options of the program itself. */
export function renderOptions({ options }: Program): string {
  return tagList(options.map(explainOption), 'Ds');
}

/** Every verb as a subsection. */
export function renderVerbs({ name, does }: Program): string {
  return ('commands' in does ? does.commands : []).map((command) => renderVerb(name, command)).join('\n');
}

/** The text after the options. */
export function renderHelp(help: Help): string {
  const { paragraphs = [], lists = [], examples = [] } = help;
  return [
    ...paragraphs.map((paragraph) => `.Pp\n${prose(paragraph)}`),
    ...lists.map(({ title, rows }) => `.Pp\n${escapeText(title)}:\n${renderRows(rows)}`),
    `.Pp\nExit codes:\n${renderRows(exitCodeRows(help))}`,
    ...(examples.length === 0 ? [] : [`.Pp\nExamples:\n${literal(examples)}`]),
  ].join('\n');
}

export function renderExitCodes({ help }: Program): string {
  return renderRows(exitCodeRows(help));
}

function renderVerb(program: string, command: Command): string {
  const operands = command.arguments ?? [];
  return [
    `.Ss ${program} ${command.name}`,
    `.Nm ${program}`,
    `.Cm ${command.name}`,
    ...command.options.map(({ flags }) => `.Op ${flag(flags)}`),
    ...operands.map(usage),
    '.Pp',
    prose(sentence(command.description)),
    ...(operands.length + command.options.length === 0
      ? []
      : [tagList([...operands.map(explainOperand), ...command.options.map(explainOption)], 'Ds')]),
    renderHelp(command.help),
  ].join('\n');
}

function renderRows(rows: readonly HelpRow[]): string {
  const items = rows.map(([term, text]) => ({ tag: `Li ${escapeText(term)}`, text }));
  return tagList(items, 'instackenv', '-compact');
}

function explainOption({ flags, description, choices, defaultValue }: OptionDescription): Tagged {
  const notes = [
    ...(choices === undefined ? [] : [choices.join(', ')]),
    ...(defaultValue === undefined ? [] : [`default: ${defaultValue}`]),
  ];
  return { tag: flag(flags), text: withNotes(description, notes) };
}

function explainOperand({ flags, description, choices }: ArgumentDescription): Tagged {
  return {
    tag: operand(flags),
    text: withNotes(description, choices === undefined ? [] : [choices.join(', ')]),
  };
}

function withNotes(description: string, notes: readonly string[]): string {
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

/** `-f, --format <format>` in mdoc; the short form may be missing. */
function flag(flags: string): string {
  const [, short, long = '', value] = /^(?:-(\S), )?--(\S+)(?: <(.+)>)?$/.exec(flags) ?? [];
  const name = `Fl ${short === undefined ? '' : `${short} , Fl `}${escapeText(`-${long}`)}`;
  return value === undefined ? name : `${name} Ar ${escapeText(value)}`;
}

/** `<names...>` in mdoc. */
function operand(flags: string): string {
  const [, name = '', more] = /^[<[](.+?)(\.\.\.)?[>\]]$/.exec(flags) ?? [];
  return `Ar ${escapeText(name)}${more === undefined ? '' : ' ...'}`;
}

function usage({ flags }: ArgumentDescription): string {
  return `.${flags.startsWith('[') ? 'Op ' : ''}${operand(flags)}`;
}

/** The description of a verb has a small first letter and no full stop, as a list of verbs shows it. */
function sentence(description: string): string {
  return `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
}
