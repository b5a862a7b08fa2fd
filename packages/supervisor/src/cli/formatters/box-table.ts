/** VirtualBMC's table: a box of ASCII characters around each cell. Pure. */
import { displayWidth } from '../../text/display-width.ts';
import { cellText, type Table } from './table.ts';
import { wrapCell } from './wrap-cell.ts';

/** A column is never made narrower than this, not even for the width that the table may have. */
const NARROWEST_COLUMN = 8;
/** Of each column: a bar and a space on either side of its text. */
const FRAME_WIDTH = 3;

export interface BoxStyle {
  /** Of the whole table; `undefined`: as wide as it gets. */
  readonly maximumWidth: number | undefined;
  /** Whether a table without rows has a box; otherwise an empty line is all there is. */
  readonly printEmpty: boolean;
}

export function boxTable({ columns, rows }: Table, { maximumWidth, printEmpty }: BoxStyle): string {
  if (rows.length === 0 && !printEmpty) return '\n';
  const texts = rows.map((row) => row.map(cellText));
  const widths = columns.map((title, index) => widest([title, ...texts.map((row) => row[index] ?? '')]));
  const limits = maximumWidth === undefined ? widths : shrunk(widths, maximumWidth);
  const fitted = columns.map((title, index) =>
    Math.max(displayWidth(title), Math.min(widths[index] ?? 0, limits[index] ?? 0)),
  );
  // VirtualBMC looks at the first row only.
  const right = columns.map((_, index) => typeof rows[0]?.[index] === 'number');
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, index) => pad(cell, fitted[index] ?? 0, right[index] ?? false));
    return `| ${padded.join(' | ')} |\n`;
  };
  const rule = `+${fitted.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const body = texts.flatMap((row) => linesOf(row, fitted).map(line));
  return [rule, line(columns), rule, ...body, rule].join('');
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(displayWidth));
}

/** Columns wider than an equal share of the table share what the others leave; the last one gets the rest. */
function shrunk(widths: readonly number[], tableWidth: number): readonly number[] {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const usable = Math.max(0, tableWidth - 1 - FRAME_WIDTH * widths.length);
  if (sum(widths) <= usable) return widths;
  const share = Math.floor(usable / widths.length);
  const wide = widths.flatMap((width, index) => (width > share ? [index] : []));
  const left = usable - sum(widths.filter((width) => width <= share));
  const each = Math.floor(left / wide.length);
  const last = left - each * (wide.length - 1);
  return widths.map((width, index) => {
    if (width <= share) return width;
    return Math.max(NARROWEST_COLUMN, index === wide.at(-1) ? last : each);
  });
}

/** The lines that one row takes. */
function linesOf(row: readonly string[], widths: readonly number[]): readonly (readonly string[])[] {
  const cells = row.map((text, index) => {
    const width = widths[index] ?? 0;
    return displayWidth(text) > width ? wrapCell(text, width) : [text];
  });
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ''));
}

function pad(text: string, width: number, right: boolean): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? spaces + text : text + spaces;
}
