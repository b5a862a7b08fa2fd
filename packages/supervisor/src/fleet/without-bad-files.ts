/**
 * What a reload applies where files of VirtualBMC have errors: other people and programs write them, so one that is wrong must not keep
 * the changes of all others away. Pure.
 */
import { findConflicts } from '../inventory/conflicts.ts';
import type { Diagnostic, KeyProblem } from '../inventory/diagnostic.ts';
import type { BmcSettings, InvalidEntry, InventoryEntry, ValidEntry } from '../inventory/inventory.ts';

/** The BMCs of VirtualBMC's files as they apply now, by name. */
export type AppliedFiles = ReadonlyMap<string, BmcSettings>;

export interface WrittenBmcs {
  /** Those of the inventory itself; all are valid. */
  readonly own: readonly BmcSettings[];
  /** Those in files of VirtualBMC. */
  readonly theirs: readonly InventoryEntry[];
  /** Whether all of them could be read: which there are, not whether each is right. */
  readonly isComplete: boolean;
}

export interface Applicable {
  /** In the order of the inventory; then those of VirtualBMC's files. */
  readonly wanted: readonly BmcSettings[];
  /** The second part of `wanted`, by name. */
  readonly theirs: AppliedFiles;
  /** What is wrong with files that do not apply. A BMC with the same name in `theirs` stays as it was. */
  readonly refused: readonly InvalidEntry[];
  /** BMCs that stay as they were because nobody knows what their files say. */
  readonly unread: readonly string[];
}

/** Rounds in which one refusal leads to the next; a chain through a whole directory is no accident. */
const MOST_ROUNDS = 8;

const chain: KeyProblem = {
  key: 'port',
  message: 'too many files of this directory want what others of them have, and some are wrong',
  remedy: 'mend the others first',
};

/** A BMC that applies keeps port and domain; the inventory itself may take them. */
export function withoutBadFiles({ own, theirs, isComplete }: WrittenBmcs, before: AppliedFiles): Applicable {
  const ownNames = new Set(own.map(({ name }) => name));
  const written = new Map(theirs.map((entry) => [entry.valid ? entry.settings.name : entry.name, entry]));
  const unread = isComplete
    ? []
    : [...before.keys()].filter((name) => !written.has(name) && !ownNames.has(name));
  const refused = new Map(theirs.flatMap((entry) => (entry.valid ? [] : [[entry.name, entry] as const])));
  const fresh = new Map(
    theirs.flatMap((entry) => (entry.valid ? [[entry.settings.name, entry.settings] as const] : [])),
  );
  const kept = new Map([...before].filter(([name]) => refused.has(name) || unread.includes(name)));
  const refuse = (name: string, problems: readonly KeyProblem[]): void => {
    const entry = written.get(name);
    const old = before.get(name);
    // What applied together before has no conflicts, so each of them moves twice at most.
    if (!fresh.delete(name)) kept.delete(name);
    else if (old !== undefined) kept.set(name, old);
    if (entry?.valid === true) refused.set(name, invalid(entry, problems));
  };
  for (let round = 1; ; round += 1) {
    const all = [...own, ...kept.values(), ...fresh.values()];
    const conflicts = findConflicts(all);
    if (conflicts.size === 0) break;
    for (const [index, problems] of conflicts) refuse(all[index]?.name ?? '', problems);
    if (round === MOST_ROUNDS) for (const name of [...fresh.keys()]) refuse(name, [chain]);
  }
  const applied = [...kept, ...fresh].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    wanted: [...own, ...applied.map(([, settings]) => settings)],
    theirs: new Map(applied),
    refused: [...refused.values()],
    unread: unread.filter((name) => kept.has(name)),
  };
}

function invalid({ file, line, settings }: ValidEntry, problems: readonly KeyProblem[]): InvalidEntry {
  const { name, domainName, address, port } = settings;
  const place = { ...(file !== undefined && { file }), line };
  const errors = problems.map((problem): Diagnostic => {
    return { severity: 'error', ...place, section: name, ...problem };
  });
  return { valid: false, ...place, name, domainName, address, port, errors };
}
