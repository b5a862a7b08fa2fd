/** What vbmc(1) and vbmcd(8) say about options, verbs and exit codes, made of the command line itself. Pure. */
import type { ArgumentDescription, Command, OptionDescription, Program } from '#supervisor/cli/command.ts';
import { escapeText, literal, prose, tagList, type Tagged } from './mdoc.ts';

/** The options of the program itself. */
export function renderOptions({ options }: Program): string {
  return tagList(options.map(explainOption), 'Ds');
}

/** Every verb as a subsection. */
export function renderVerbs({ name, does }: Program): string {
  return ('commands' in does ? does.commands : []).map((command) => renderVerb(name, command)).join('\n');
}

/** The text after the options: paragraphs, and lists below a line that ends with a colon. */
export function renderHelp(help: string): string {
  return help
    .trim()
    .split(/\n{2,}/)
    .map((block) => {
      const [title = '', ...lines] = block.split('\n');
      if (!title.endsWith(':') || lines.length === 0) return `.Pp\n${prose(block)}`;
      return `.Pp\n${escapeText(title)}\n${renderList(title, lines)}`;
    })
    .join('\n');
}

/** What `--help` says under `Exit codes:`. */
export function renderExitCodes({ help }: Program): string {
  const block = help.split(/\n{2,}/).find((candidate) => candidate.trim().startsWith('Exit codes:'));
  return renderList('', block?.trim().split('\n').slice(1) ?? []);
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
    ...(command.help === '' ? [] : [renderHelp(command.help)]),
  ].join('\n');
}

/** Lines of two columns are a list, others are what one types. */
function renderList(title: string, lines: readonly string[]): string {
  const rows = lines.map((line) => /^ {2}(?<tag>\S.*?)(?: {2,}(?<text>\S.*))?$/.exec(line)?.groups);
  if (title === 'Examples:' || !rows.some((row) => row?.['text'] !== undefined)) {
    return literal(lines.map((line) => line.slice(2)));
  }
  const items = rows.map((row) => ({
    tag: `Li ${escapeText(row?.['tag'] ?? '')}`,
    text: row?.['text'] ?? '',
  }));
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

/** `--run-dir <dir>` in mdoc. */
function flag(flags: string): string {
  const [, long = '', value] = /^--(\S+)(?: <(.+)>)?$/.exec(flags) ?? [];
  const name = `Fl ${escapeText(`-${long}`)}`;
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

/** Descriptions of verbs are written as a list of them shows them: small first letter, no full stop. */
function sentence(description: string): string {
  return `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
}
