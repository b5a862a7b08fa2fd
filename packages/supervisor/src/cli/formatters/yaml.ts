/** YAML, a list with one map per row; the keys are sorted, as VirtualBMC's are. The only importer of js-yaml. */
import { dump } from 'js-yaml';
import type { Table } from './table.ts';

export function yaml({ columns, rows }: Table): string {
  const maps = rows.map((row) =>
    Object.fromEntries(columns.map((title, index) => [title, row[index] ?? null])),
  );
  return dump(maps, { sortKeys: true, lineWidth: -1 });
}
