/** What `--help` prints after the options, within the width of a terminal. Pure. */
import { wrapText } from '../text/wrap.ts';
import { exitCodeRows, type Help, type HelpRow } from './command.ts';

export const HELP_WIDTH = 80;
const INDENT = '  ';

export function renderHelp(help: Help): string {
  const { paragraphs = [], lists = [], examples = [] } = help;
  const blocks = [
    ...paragraphs.map((paragraph) => wrapText(paragraph, HELP_WIDTH)),
    ...lists.map(({ title, rows }) => [`${title}:`, ...renderRows(rows)]),
    ['Exit codes:', ...renderRows(exitCodeRows(help))],
    ...(examples.length === 0 ? [] : [['Examples:', ...examples.map((line) => INDENT + line)]]),
  ];
  return blocks.map((lines) => `\n${lines.join('\n')}`).join('\n');
}

/** Two columns; the second is wrapped. */
function renderRows(rows: readonly HelpRow[]): readonly string[] {
  const termWidth = Math.max(...rows.map(([term]) => term.length));
  const margin = INDENT.length + termWidth + INDENT.length;
  return rows.flatMap(([term, text]) => {
    const [first = '', ...more] = wrapText(text, HELP_WIDTH - margin);
    const start = `${INDENT}${term.padEnd(termWidth)}${INDENT}${first}`.trimEnd();
    return [start, ...more.map((line) => ' '.repeat(margin) + line)];
  });
}
