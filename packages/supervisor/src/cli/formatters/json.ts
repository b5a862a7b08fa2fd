/** JSON as VirtualBMC prints it: nothing but ASCII, and a space after each comma and colon of a single line. Pure. */
import type { Cell, Table } from './table.ts';

export function json({ columns, rows }: Table, indented: boolean): string {
  const objects = rows.map((row) =>
    columns.map((title, index): [string, Cell] => [title, row[index] ?? null]),
  );
  const text = indented
    ? JSON.stringify(objects.map(Object.fromEntries), null, 2)
    : `[${objects.map((entries) => `{${entries.map(onOneLine).join(', ')}}`).join(', ')}]`;
  return `${text.replaceAll(/[^\0-\x7f]/g, escaped)}\n`;
}

function onOneLine([title, cell]: readonly [string, Cell]): string {
  return `${JSON.stringify(title)}: ${JSON.stringify(cell)}`;
}

/** A half of a surrogate pair is escaped by itself. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
