/** A table for the formatters of VirtualBMC, and how its rows and columns are chosen. Pure. */
import { Refusal } from '../../host/operator-error.ts';

export type Cell = string | number | null;

export interface Table {
  /** The titles. */
  readonly columns: readonly string[];
  /** A cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
}

/** VirtualBMC prints what Python makes of a value. */
export function cellText(cell: Cell): string {
  return cell === null ? 'None' : String(cell);
}

/** Keeps the columns that are wanted, in the order of the table; all of them if none is named. Throws a `Refusal`. */
export function withColumns({ columns, rows }: Table, wanted: readonly string[]): Table {
  if (wanted.length === 0) return { columns, rows };
  const kept = columns.flatMap((title, index) =>
    wanted.some((name) => sameColumn(name, title)) ? [index] : [],
  );
  if (kept.length === 0) {
    // VirtualBMC's words.
    throw new Refusal(
      `No recognized column names in ${listOf(wanted)}. Recognized columns are ${listOf(columns)}.`,
    );
  }
  return {
    columns: kept.map((index) => columns[index] ?? ''),
    rows: rows.map((row) => kept.map((index) => row[index] ?? null)),
  };
}

/** The first column named weighs most. A column that does not exist, or has both texts and numbers, does not sort. */
export function sorted(table: Table, by: readonly string[], descending: boolean): Table {
  const indexes = by
    .map((name) => table.columns.findIndex((title) => sameColumn(name, title)))
    .filter((index) => isSortable(table, index));
  const direction = descending ? -1 : 1;
  const rows = [...table.rows].sort((one, other) => {
    const differing = indexes.map((index) => compare(one[index] ?? null, other[index] ?? null));
    return direction * (differing.find((order) => order !== 0) ?? 0);
  });
  return { columns: table.columns, rows };
}

/** `domain_name` is `Domain name` too. */
function sameColumn(one: string, other: string): boolean {
  const plain = (name: string): string => name.trim().toLowerCase().replaceAll(' ', '_');
  return plain(one) === plain(other);
}

function isSortable({ rows }: Table, index: number): boolean {
  const types = new Set(
    rows
      .map((row) => row[index] ?? null)
      .filter((cell) => cell !== null)
      .map(typeOf),
  );
  return index >= 0 && types.size < 2;
}

function typeOf(cell: Cell): string {
  return typeof cell;
}

/** Texts by code point; nothing comes last. */
function compare(one: Cell, other: Cell): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return compareTexts(String(one), String(other));
}

/** By code point, as Python does: `<` compares halves of surrogate pairs. */
export function compareTexts(one: string, other: string): number {
  const [points, others] = [one, other].map((text) => Array.from(text, (each) => each.codePointAt(0) ?? 0));
  const index = points?.findIndex((point, at) => point !== others?.[at]) ?? -1;
  if (index < 0) return one.length - other.length;
  return (points?.[index] ?? 0) - (others?.[index] ?? -1);
}

function listOf(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(', ')}]`;
}
