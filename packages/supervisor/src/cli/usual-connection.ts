/** The connection of a new BMC when the command line names none. Pure. */
import type { Inventory } from '../inventory/inventory.ts';
import { DEFAULT_SECTION } from '../inventory/section-name.ts';
import { writtenValue } from '../inventory/written-value.ts';

export const BUILT_IN_CONNECTION = 'qemu:///system';

export interface UsualConnection {
  readonly uri: string;
  /** Whether a section without `libvirt_uri` has it anyway. */
  readonly isDefault: boolean;
  /** Whether `[DEFAULT]` names it. */
  readonly isWritten: boolean;
  /** The connections of the other BMCs, each once. */
  readonly others: readonly string[];
}

/** That of `[DEFAULT]`, else the only one that the other BMCs have, else the built-in one. `text`: of the inventory itself. */
export function usualConnection({ entries }: Inventory, text: string): UsualConnection {
  const uris = entries.flatMap((entry) => (entry.valid ? [entry.settings.connectionUri] : []));
  const others = [...new Set(uris)];
  const [only, ...more] = others;
  const written = writtenValue(text, DEFAULT_SECTION, 'libvirt_uri');
  if (written !== undefined) return { uri: written, isDefault: true, isWritten: true, others };
  if (only !== undefined && more.length === 0)
    return { uri: only, isDefault: only === BUILT_IN_CONNECTION, isWritten: false, others };
  return { uri: BUILT_IN_CONNECTION, isDefault: true, isWritten: false, others };
}
