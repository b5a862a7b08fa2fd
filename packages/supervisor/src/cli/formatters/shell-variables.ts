/** Assignments for a shell to evaluate. Pure. */
import { cellText, type Table } from './table.ts';

/**
 * One variable per row: the first cell is its name, the second its value. A name of other people's choice may be in a value: no
 * character of it is special to the shell.
 */
export function shellVariables({ rows }: Table, prefix: string): string {
  return rows
    .map(([name = null, value = null]) => {
      const text = cellText(value).replaceAll(/["\\$`]/g, '\\$&');
      return `${prefix}${cellText(name).replaceAll(/[^A-Za-z0-9_]/g, '_')}="${text}"\n`;
    })
    .join('');
}
