/** One line of the result: what became of some lines of somebody's file. Pure. */

export type Outcome = 'works' | 'breaks' | 'cannot';

export interface Row {
  readonly file: string;
  /** `12` or `12-40`. */
  readonly lines: string;
  readonly what: string;
  readonly outcome: Outcome;
  /** Why it breaks, or cannot run. */
  readonly why: string;
}

/** What an automation is known to break at, by the row's `what`, with the reason. */
export type KnownBreaks = Readonly<Record<string, string>>;

/** What is wrong with a row, given what is known to break; `undefined` when nothing is. */
export function rowProblem(row: Row, known: KnownBreaks): string | undefined {
  const reason = known[row.what];
  if (row.outcome === 'breaks') return reason === undefined ? row.why : undefined;
  return reason === undefined ? undefined : `works now, although it is known to break: ${reason}`;
}

/** The rows as a table of Markdown. */
export function markdownTable(
  rows: readonly (Row & { readonly automation: string })[],
  known: KnownBreaks,
): string {
  const cells = rows.map(({ automation, file, lines, what, outcome, why }) => {
    const reason = outcome === 'breaks' ? (known[what] ?? why) : why;
    return [automation, `\`${file}\` ${lines}`, what, reason === '' ? outcome : `${outcome}: ${reason}`];
  });
  const head = ['Automation', 'File and lines', 'What', 'Result'];
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

/** The number of the first line that matches, counted from 1; throws when there is none. */
export function lineOf(text: string, pattern: string | RegExp): number {
  const matches = (line: string): boolean =>
    typeof pattern === 'string' ? line.includes(pattern) : pattern.test(line);
  const index = text.split('\n').findIndex(matches);
  if (index === -1) throw new Error(`no line matches ${String(pattern)}: the file has changed`);
  return index + 1;
}

/** The lines from the first match of `from` to the first match of `to` after it, with their numbers. */
export function linesBetween(
  text: string,
  from: string | RegExp,
  to: string | RegExp = from,
): { readonly text: string; readonly lines: string } {
  const first = lineOf(text, from);
  const rest = text.split('\n').slice(first - 1);
  const length = lineOf(rest.join('\n'), to);
  const last = first + length - 1;
  return { text: rest.slice(0, length).join('\n'), lines: range(first, last) };
}

export function range(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}
