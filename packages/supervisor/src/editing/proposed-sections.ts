/** Sections to add to an inventory, and which of them are valid in it. Pure. */
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

/** Accepts the sections without errors, among them conflicts with the inventory; `check` parses an inventory's text. */
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
