import { printable } from './printable.ts';

const NAMES_SHOWN = 5;

/** The first names, for a message, and whether there are more: `a, b, c, d, e, …`. Pure. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => (name === '' ? '""' : printable(name)));
  return [...shown, ...(names.length > NAMES_SHOWN ? ['…'] : [])].join(', ');
}
