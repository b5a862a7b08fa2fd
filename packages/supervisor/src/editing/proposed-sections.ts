/** Sections that a tool would like to add, and which of them fit into an inventory. Pure. */
import type { Diagnostic } from '../inventory/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { addSection, type Key } from './edit-inventory.ts';

export interface ProposedSection {
  readonly name: string;
  readonly keys: readonly Key[];
}

export interface RejectedSection {
  readonly name: string;
  readonly errors: readonly Diagnostic[];
}

export interface Fitting {
  readonly accepted: readonly ProposedSection[];
  readonly rejected: readonly RejectedSection[];
}

/** Those without an error of their own or with what is there; `check` reads an inventory's text. */
export function fitSections(
  text: string,
  proposed: readonly ProposedSection[],
  check: (text: string) => Inventory,
): Fitting {
  const { entries } = check(addSections(text, proposed));
  const errors = new Map(entries.flatMap((entry) => (entry.valid ? [] : [[entry.name, entry.errors]])));
  const names = new Set(proposed.map(({ name }) => name));
  return {
    accepted: proposed.filter(({ name }) => !errors.has(name)),
    rejected: [...errors].filter(([name]) => names.has(name)).map(([name, own]) => ({ name, errors: own })),
  };
}

export function addSections(text: string, sections: readonly ProposedSection[]): string {
  return sections.reduce((edited, { name, keys }) => addSection(edited, name, keys), text);
}
