import { shortNumber, type Figure, type Findings } from './findings.ts';

/** All figures, one per line, under the name of their scenario; then the failures. */
export function renderTable({ figures, failures }: Findings): string {
  const cells = figures.map((figure) => ({
    scenario: figure.scenario,
    columns: [figure.what, figure.subject, valueOf(figure)],
    detail: figure.detail,
  }));
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...cells.map(({ columns }) => columns[column]?.length ?? 0)),
  );
  const lines: string[] = [];
  let scenario = '';
  for (const cell of cells) {
    if (cell.scenario !== scenario) {
      scenario = cell.scenario;
      lines.push('', scenario);
    }
    const [what = '', subject = '', value = ''] = cell.columns;
    const [first = 0, second = 0, third = 0] = widths;
    const aligned = `  ${what.padEnd(first)}  ${subject.padEnd(second)}  ${value.padStart(third)}`;
    lines.push(cell.detail === undefined ? aligned : `${aligned}  ${cell.detail}`);
  }
  lines.push('', ...failures.map((failure) => `FAILED ${failure.scenario}: ${failure.what}`));
  return `${lines.join('\n').trim()}\n`;
}

function valueOf({ value, unit }: Figure): string {
  const separator = unit === '/s' || unit === '' || unit === '%' ? '' : ' ';
  return `${shortNumber(value)}${separator}${unit}`;
}
