/** Sorts the sections of all files by what they are about, and notices which stand twice. */
import type { Diagnostic } from './diagnostic.ts';
import { layered, noKeys, placeOf, readKeys, type KeyValues, type SectionKeys } from './effective-keys.ts';
import { SETTINGS_SECTION } from './global-settings.ts';
import { bmcKeys, settingsKeys, userKeys } from './known-keys.ts';
import { scanInventory, type ScannedSection } from './scan.ts';
import { DEFAULT_SECTION, sectionKind } from './section-name.ts';

/** `name` is absent for the inventory itself. */
export interface InventoryText {
  readonly name?: string;
  readonly text: string;
}

export interface GatheredUser {
  readonly section: ScannedSection;
  readonly userName: string;
  readonly keys: SectionKeys;
}

export interface GatheredBmc {
  readonly section: ScannedSection;
  /** The section's own keys. */
  readonly own: KeyValues;
  /** Own keys over the defaults of its file over those of the inventory. */
  readonly values: KeyValues;
  readonly users: readonly GatheredUser[];
  /** What is wrong with its sections as sections. */
  readonly errors: readonly Diagnostic[];
}

export interface GatheredInventory {
  readonly bmcs: readonly GatheredBmc[];
  /** `[DEFAULT]` of each file that has one. */
  readonly defaults: readonly SectionKeys[];
  readonly settings: SectionKeys;
  readonly diagnostics: readonly Diagnostic[];
}

interface FileContent {
  defaults?: { section: ScannedSection; keys: SectionKeys };
  readonly bmcs: { section: ScannedSection; keys: SectionKeys }[];
}

/** `texts` begins with the inventory itself, whose `[DEFAULT]` holds for all files. */
export function gatherSections(texts: readonly InventoryText[]): GatheredInventory {
  const diagnostics: Diagnostic[] = [];
  const users = new Map<string, GatheredUser[]>();
  const standing = new Map<string, ScannedSection>();
  const repeats = new Map<string, Diagnostic[]>();
  let settings = noKeys;

  const isFirst = (section: ScannedSection, identity: string): boolean => {
    const earlier = standing.get(identity);
    if (earlier === undefined) {
      standing.set(identity, section);
      return true;
    }
    const error = duplicateSection(section, earlier);
    diagnostics.push(error);
    repeats.set(identity, [...(repeats.get(identity) ?? []), error]);
    return false;
  };

  const files = texts.map(({ text, name }): FileContent => {
    const scanned = scanInventory(text, name);
    diagnostics.push(...scanned.errors);
    const content: FileContent = { bmcs: [] };
    for (const section of scanned.sections) {
      const kind = sectionKind(section.name);
      const keys = readSectionKeys(section, kind.kind);
      diagnostics.push(...keys.warnings, ...keys.errors);
      switch (kind.kind) {
        case 'defaults':
          if (isFirst(section, `${name ?? ''}\0${DEFAULT_SECTION}`)) content.defaults = { section, keys };
          break;
        case 'settings':
          if (name !== undefined) diagnostics.push(misplacedSettings(section));
          else if (isFirst(section, section.name)) settings = keys;
          break;
        case 'user': {
          const { bmcName, userName } = kind;
          const known = users.get(bmcName) ?? [];
          users.set(bmcName, known);
          // Another spelling of the same name, with two spaces for instance, is the same section.
          if (isFirst(section, `${bmcName}\0${userName}`)) known.push({ section, userName, keys });
          else repeats.set(bmcName, [...(repeats.get(bmcName) ?? []), ...diagnostics.slice(-1)]);
          break;
        }
        case 'bmc':
          if (isFirst(section, section.name)) content.bmcs.push({ section, keys });
      }
    }
    return content;
  });

  const common = files[0]?.defaults?.keys.values ?? new Map();
  const bmcs = files.flatMap((file) =>
    file.bmcs.map(({ section, keys }): GatheredBmc => {
      const own = keys.values;
      const errors = [...keys.errors, ...(repeats.get(section.name) ?? [])];
      const values = layered(common, file.defaults?.keys.values ?? new Map(), own);
      return { section, own, values, users: users.get(section.name) ?? [], errors };
    }),
  );
  const names = new Set(bmcs.map(({ section }) => section.name));
  for (const [name, strays] of users) {
    if (!names.has(name)) diagnostics.push(...strays.map(({ section }) => strayUser(section, name)));
  }
  const defaults = files.flatMap((file) => (file.defaults === undefined ? [] : [file.defaults.keys]));
  return { bmcs, defaults, settings, diagnostics };
}

function readSectionKeys(section: ScannedSection, kind: ReturnType<typeof sectionKind>['kind']): SectionKeys {
  if (kind === 'user') return readKeys(section, userKeys);
  if (kind !== 'settings') return readKeys(section, bmcKeys);
  return readKeys(section, settingsKeys, (key) =>
    (bmcKeys as readonly string[]).includes(key)
      ? `${key} is a key of a BMC, and [${SETTINGS_SECTION}] holds the settings of vbmcd: give the BMC another name and set domain_name = ${SETTINGS_SECTION}`
      : undefined,
  );
}

function duplicateSection(section: ScannedSection, earlier: ScannedSection): Diagnostic {
  const where = section.file === earlier.file ? '' : ` of ${earlier.file ?? 'the inventory'}`;
  const message = `the section stands twice, first in line ${earlier.line}${where}: rename one or merge them`;
  return { severity: 'error', ...placeOf(section, section.line), message };
}

function misplacedSettings(section: ScannedSection): Diagnostic {
  const message =
    'the settings of vbmcd stand in the inventory itself, not in the include directory: move the section';
  return { severity: 'error', ...placeOf(section, section.line), message };
}

function strayUser(section: ScannedSection, bmcName: string): Diagnostic {
  const message = `there is no BMC [${bmcName}]: write its section, or name an existing one (a BMC whose name holds the word user needs another name and domain_name)`;
  return { severity: 'error', ...placeOf(section, section.line), message };
}
