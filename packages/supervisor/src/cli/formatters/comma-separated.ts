/** Comma-separated values with VirtualBMC's four ways of quoting. Pure. */
import type { Cell, Table } from './table.ts';

export const quoteModes = ['all', 'minimal', 'none', 'nonnumeric'] as const;
export type QuoteMode = (typeof quoteModes)[number];

export function commaSeparated({ columns, rows }: Table, mode: QuoteMode): string {
  return [columns, ...rows].map((row) => `${row.map((cell) => field(cell, mode)).join(',')}\n`).join('');
}

function field(cell: Cell, mode: QuoteMode): string {
  const text = cell === null ? '' : String(cell);
  if (mode === 'none') return text.replaceAll(/[\\,"\n]/g, '\\$&');
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '""');
  const quoted = mode === 'minimal' ? /[,"\n]/.test(text) : mode === 'all' || typeof cell !== 'number';
  return quoted ? `"${escaped}"` : escaped;
}
