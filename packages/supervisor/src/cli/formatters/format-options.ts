/** The options of VirtualBMC's `list` and `show` that say how to print a table. */
import { printable } from '../../text/printable.ts';
import { UsageError } from '../errors.ts';
import { choice, flag, short, texts, text, wholeNumber, type ValuesOf } from '../options.ts';
import type { Output } from '../output.ts';
import { boxTable } from './box-table.ts';
import { commaSeparated, quoteModes } from './comma-separated.ts';
import { json } from './json.ts';
import { shellVariables } from './shell-variables.ts';
import { cellText, sorted, withColumns, type Cell, type Table } from './table.ts';

const formats = ['csv', 'json', 'table', 'value', 'yaml'] as const;
const formatsOfOne = [...formats, 'shell'] as const;
type Format = (typeof formatsOfOne)[number];

const FORMAT = 'print the columns of VirtualBMC, as VirtualBMC prints them';

const sharedOptions = {
  column: short('c', texts('<column>', 'a column to print; may be repeated; implies -f table')),
  sortColumn: texts('<column>', 'a column to sort by; may be repeated, the first weighs most'),
  sortAscending: flag('sort from small to large, as is the default'),
  sortDescending: flag('sort from large to small'),
  quote: choice(quoteModes, '<what>', 'with -f csv: which values to quote (default: nonnumeric)'),
  noindent: flag('with -f json: print one line'),
  maxWidth: wholeNumber('<columns>', 'with -f table: how wide the table may be; longer texts are wrapped'),
  fitWidth: flag('with -f table: not wider than the terminal'),
  printEmpty: flag('with -f table: print the titles of a table without rows'),
};

/** For a verb that prints many things. */
export const listFormatOptions = {
  format: short('f', choice(formats, '<format>', FORMAT)),
  ...sharedOptions,
};

/** For a verb that prints one thing. */
export const showFormatOptions = {
  format: short('f', choice(formatsOfOne, '<format>', FORMAT)),
  ...sharedOptions,
  prefix: text('<text>', 'with -f shell: what the names of the variables begin with'),
};

type FormatValues = ValuesOf<typeof sharedOptions> & {
  readonly format: Format | undefined;
  readonly prefix?: string | undefined;
};

/** Environment variables that set the width, as for VirtualBMC. */
export type WidthEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Whether VirtualBMC's output is wanted. It is when one of these options is given, and also when standard output is no terminal:
 * programs that read it expect that table. `own` are the options that want another output, by their flag. Throws a `UsageError`.
 */
export function wantsFormat(
  given: FormatValues,
  own: Readonly<Record<string, boolean>>,
  output: Output,
): boolean {
  const asked = isAsked(given);
  const other = Object.entries(own).find(([, wanted]) => wanted)?.[0];
  if (asked && other !== undefined) {
    throw new UsageError(`${other} excludes the options for the output of VirtualBMC`, {
      remedy: `leave out ${other}, or -f and the options that belong to it`,
    });
  }
  if (given.sortAscending && given.sortDescending) {
    throw new UsageError('--sort-ascending and --sort-descending exclude each other', {
      remedy: 'give one of them',
    });
  }
  return asked || (other === undefined && output.terminalColumns === undefined);
}

function isAsked(given: FormatValues): boolean {
  const flags = [given.sortAscending, given.sortDescending, given.noindent, given.fitWidth, given.printEmpty];
  const values = [given.format, given.quote, given.maxWidth, given.prefix];
  return (
    flags.includes(true) ||
    values.some((value) => value !== undefined) ||
    given.column.length + given.sortColumn.length > 0
  );
}

/** Throws a `Refusal` if none of the columns named exists. */
export async function printTable(
  table: Table,
  given: FormatValues,
  output: Output,
  environment: WidthEnvironment,
): Promise<void> {
  const arranged = sorted(table, given.sortColumn, given.sortDescending);
  if (given.format === 'shell') {
    // Each row is a variable, so that it is the rows that are chosen by name.
    const rows = arranged.rows.filter(
      ([name]) => given.column.length === 0 || given.column.includes(cellText(name ?? null)),
    );
    output.result(shellVariables(withSafeTexts({ ...arranged, rows }), given.prefix ?? ''));
    return;
  }
  output.result(await render(withColumns(arranged, given.column), given, output, environment));
}

async function render(
  table: Table,
  given: FormatValues,
  output: Output,
  environment: WidthEnvironment,
): Promise<string> {
  switch (given.format) {
    case 'csv':
      return commaSeparated(withSafeTexts(table), given.quote ?? 'nonnumeric');
    case 'json':
      return json(table, !given.noindent);
    case 'yaml':
      // Rarely used, and large.
      return (await import('./yaml.ts')).yaml(table);
    case 'value':
      return withSafeTexts(table)
        .rows.map((row) => `${row.map(cellText).join(' ')}\n`)
        .join('');
    case 'table':
    case 'shell':
    case undefined:
      return boxTable(withSafeTexts(table), {
        maximumWidth: maximumWidth(given, output, environment),
        printEmpty: given.printEmpty,
      });
  }
}

/** A width below 1 is none. */
function maximumWidth(
  given: FormatValues,
  output: Output,
  environment: WidthEnvironment,
): number | undefined {
  const wanted = given.maxWidth ?? Number(environment['CLIFF_MAX_TERM_WIDTH'] ?? 0);
  if (wanted > 0) return wanted;
  const fits = given.fitWidth || Number(environment['CLIFF_FIT_WIDTH'] ?? 0) > 0;
  // A terminal that has not said how wide it is has 0.
  return fits && output.terminalColumns !== 0 ? output.terminalColumns : undefined;
}

/** Other people choose the names of domains: no name may add a line, or move the cursor of a terminal. */
function withSafeTexts({ columns, rows }: Table): Table {
  const safe = (cell: Cell): Cell => (typeof cell === 'string' ? printable(cell, 1_000) : cell);
  return { columns, rows: rows.map((row) => row.map(safe)) };
}
