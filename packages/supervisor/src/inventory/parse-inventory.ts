/** From the texts of an inventory to its BMCs. Pure: a bad section becomes an invalid entry and harms no other. */
import { counted } from '../text/counted.ts';
import { nameList } from '../text/name-list.ts';
import { defined } from '../text/records.ts';
import { checkGatheredBmc, type CheckedBmc } from './check-bmc.ts';
import { findConflicts } from './conflicts.ts';
import type { Diagnostic } from './diagnostic.ts';
import { locate, locateAll, texts, unreadable, type SectionKeys } from './effective-keys.ts';
import { gatherSections, type GatheredBmc, type InventoryText } from './gather-sections.ts';
import { type GlobalSettings, SETTINGS_SECTION } from './global-settings.ts';
import { readIniSection } from './ini-values.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import type { ScannedSection } from './scan.ts';
import { noSecretFiles, withSecretFiles, type ReadSecretFile } from './secret-files.ts';
import { checkBmc, checkSettings } from './section-schema.ts';
import { DEFAULT_SECTION } from './section-name.ts';

export interface InventorySources {
  /** The files of the include directory, in their order. */
  readonly included?: readonly (InventoryText & { readonly name: string })[];
  /** BMCs in VirtualBMC's own files. */
  readonly virtualBmcs?: readonly ScannedSection[];
  readonly readSecretFile?: ReadSecretFile;
}

/** Reads a whole inventory. Never throws: every problem is in `diagnostics`. */
export function parseInventory(text: string, sources: InventorySources = {}): Inventory {
  const { included = [], virtualBmcs = [], readSecretFile = noSecretFiles } = sources;
  const gathered = gatherSections([{ text }, ...included], virtualBmcs);
  const diagnostics: Diagnostic[] = [...gathered.diagnostics];
  for (const keys of gathered.defaults) diagnostics.push(...defaultsDiagnostics(keys, readSecretFile));
  const { settings, errors } = readSettings(gathered.settings);
  diagnostics.push(...errors);

  const virtualBmcDefaults = settings.virtualBmcDefaults ?? false;
  const checked = gathered.bmcs.map((bmc) =>
    checkGatheredBmc(bmc, { readFile: readSecretFile, virtualBmcDefaults }),
  );
  diagnostics.push(...defaultPasswordWarnings(checked, gathered.settings));
  diagnostics.push(...checked.flatMap(({ warnings }) => warnings));
  const entries = withoutConflicts(
    checked.map(({ entry }) => entry),
    gathered.bmcs,
  ).map((entry) => (entry.valid ? entry : { ...entry, errors: inOrder(entry.errors) }));
  for (const entry of entries) if (!entry.valid) diagnostics.push(...entry.errors);
  return { settings, entries, diagnostics: inOrder(diagnostics) };
}

/** Problems of `[DEFAULT]` are reported even when every BMC sets the key itself. */
function defaultsDiagnostics(keys: SectionKeys, readSecretFile: ReadSecretFile): Diagnostic[] {
  const { values, warnings } = withSecretFiles(keys.values, readSecretFile);
  const result = checkBmc(readIniSection(DEFAULT_SECTION, texts(values)));
  return [...warnings, ...unreadable(values), ...(result.ok ? [] : locateAll(result.problems, values))];
}

function readSettings({ values }: SectionKeys): { settings: GlobalSettings; errors: Diagnostic[] } {
  const { values: checked, problems } = checkSettings(readIniSection(SETTINGS_SECTION, texts(values)));
  const {
    metrics_listen: metricsListen,
    socket_group: socketGroup,
    memory_limit_mb: memoryLimitMb,
    allow_removal: allowRemoval,
    virtualbmc_defaults: virtualBmcDefaults,
  } = checked;
  const settings = defined({ metricsListen, socketGroup, memoryLimitMb, allowRemoval, virtualBmcDefaults });
  return { settings, errors: [...unreadable(values), ...locateAll(problems, values)] };
}

/** One for all of them, because there may be hundreds. */
function defaultPasswordWarnings(checked: readonly CheckedBmc[], { values }: SectionKeys): Diagnostic[] {
  const names = checked.flatMap(({ entry, hasDefaultPassword }) =>
    hasDefaultPassword ? [entry.valid ? entry.settings.name : entry.name] : [],
  );
  if (names.length === 0) return [];
  const which = `${counted(names.length, 'BMC')} (${nameList(names)})`;
  const message = `${which} can be switched off by everybody who reaches it: without a password of its own it has VirtualBMC's, "password"`;
  const problem = {
    key: 'virtualbmc_defaults',
    message,
    remedy: 'set a password, or limit who reaches it with allow',
  };
  return [locate(problem, values, undefined, 'warning')];
}

/** Of BMCs that claim the same port or domain the first keeps it; the others become invalid. */
function withoutConflicts(
  entries: readonly InventoryEntry[],
  bmcs: readonly GatheredBmc[],
): InventoryEntry[] {
  const conflicts = findConflicts(entries.map((entry) => (entry.valid ? entry.settings : undefined)));
  return entries.map((entry, index): InventoryEntry => {
    const own = conflicts.get(index);
    const bmc = bmcs[index];
    if (!entry.valid || own === undefined || bmc === undefined) return entry;
    const { settings, ...where } = entry;
    const { name, domainName, address, port } = settings;
    const errors = own.map((problem) => locate(problem, bmc.values, bmc.section));
    return { ...where, valid: false, name, domainName, address, port, errors };
  });
}

/** Each once; those of the inventory itself first, then those of the included files; each file by line. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...unique.values()].sort((a, b) => {
    const [one, other] = [a.file ?? '', b.file ?? ''];
    if (one !== other) return one < other ? -1 : 1;
    return (a.line ?? 0) - (b.line ?? 0);
  });
}
