/** Sorts the sections of all files by kind, and reports duplicates. */
import { defined } from '../text/records.ts';
import type { Diagnostic } from './diagnostic.ts';
import { layered, noKeys, placeOf, readKeys, type KeyValues, type SectionKeys } from './effective-keys.ts';
import { SETTINGS_SECTION } from './global-settings.ts';
import { bmcKeys, settingsKeys, userKeys } from './known-keys.ts';
import { scanInventory, type ScannedSection } from './scan.ts';
import { DEFAULT_SECTION, sectionKind, type SectionKind } from './section-name.ts';

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
  /** Its own keys; then the defaults of its file; then those of the inventory. */
  readonly values: KeyValues;
  readonly users: readonly GatheredUser[];
  /** Errors of its sections, other than those of the values of known keys. */
  readonly errors: readonly Diagnostic[];
}

export interface GatheredInventory {
  readonly bmcs: readonly GatheredBmc[];
  /** `[DEFAULT]` of each file that has one. */
  readonly defaults: readonly SectionKeys[];
  readonly settings: SectionKeys;
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadSection {
  readonly section: ScannedSection;
  readonly keys: SectionKeys;
}

interface FileContent {
  defaults?: SectionKeys;
  readonly bmcs: ReadSection[];
}

/**
 * `texts` begins with the inventory itself, whose `[DEFAULT]` applies to all files. `virtualBmcs`: the BMCs in VirtualBMC's own
 * files, which are no sections in a text; one that the texts have too is left out.
 */
export function gatherSections(
  texts: readonly InventoryText[],
  virtualBmcs: readonly ScannedSection[] = [],
): GatheredInventory {
  const gathering = new Gathering();
  const files = texts.map((file) => gathering.readFile(file));
  files.push(gathering.readVirtualBmcs(virtualBmcs));
  const common: KeyValues = files[0]?.defaults?.values ?? new Map();
  const bmcs = files.flatMap((file) => {
    const defaults = layered(common, file.defaults?.values ?? new Map());
    return file.bmcs.map((bmc) => gathering.completeBmc(bmc, defaults));
  });
  gathering.reportStrayUsers(new Set(bmcs.map(({ section }) => section.name)));
  const defaults = files.flatMap((file) => (file.defaults === undefined ? [] : [file.defaults]));
  return { bmcs, defaults, settings: gathering.settings, diagnostics: gathering.diagnostics };
}

/** What is known so far while the files are read one after the other. */
class Gathering {
  readonly diagnostics: Diagnostic[] = [];
  settings = noKeys;
  readonly #users = new Map<string, GatheredUser[]>();
  /** The first section of each identity. */
  readonly #firsts = new Map<string, ScannedSection>();
  /** Errors about sections that repeat one of a BMC, by the BMC's name. */
  readonly #repeats = new Map<string, Diagnostic[]>();

  readFile({ text, name }: InventoryText): FileContent {
    const scanned = scanInventory(text, name);
    this.diagnostics.push(...scanned.errors);
    const content: FileContent = { bmcs: [] };
    for (const section of scanned.sections) this.#readSection(section, content);
    return content;
  }

  /** Whatever their names are: `db user 1` is a BMC here, because VirtualBMC has no users in separate sections. */
  readVirtualBmcs(sections: readonly ScannedSection[]): FileContent {
    const content: FileContent = { bmcs: [] };
    for (const section of sections) {
      const { name } = section;
      const earlier = this.#firsts.get(name);
      if (earlier === undefined) {
        this.#firsts.set(name, section);
        const keys = readKeys(section, bmcKeys);
        this.diagnostics.push(...keys.warnings, ...keys.errors);
        content.bmcs.push({ section, keys });
      } else if (sectionKind(name).kind === 'bmc') {
        this.diagnostics.push(alsoInInventory(section, earlier));
      } else this.diagnostics.push(...section.errors);
    }
    return content;
  }

  completeBmc(read: ReadSection, defaults: KeyValues): GatheredBmc {
    const { section, keys } = read;
    const { name } = section;
    return {
      section,
      own: keys.values,
      values: layered(defaultsFor(read, defaults), keys.values),
      users: this.#users.get(name) ?? [],
      errors: [...keys.errors, ...(this.#repeats.get(name) ?? [])],
    };
  }

  reportStrayUsers(bmcNames: ReadonlySet<string>): void {
    for (const [name, users] of this.#users) {
      if (bmcNames.has(name)) continue;
      this.diagnostics.push(...users.map(({ section }) => strayUser(section, name)));
    }
  }

  #readSection(section: ScannedSection, content: FileContent): void {
    const { name, file } = section;
    const kind = sectionKind(name);
    const keys = readSectionKeys(section, kind.kind);
    this.diagnostics.push(...keys.warnings, ...keys.errors);
    switch (kind.kind) {
      case 'defaults':
        if (this.#isFirst(section, `${file ?? ''}\0${DEFAULT_SECTION}`, name)) content.defaults = keys;
        break;
      case 'settings':
        if (file !== undefined) this.diagnostics.push(misplacedSettings(section));
        else if (this.#isFirst(section, name, name)) this.settings = keys;
        break;
      case 'user': {
        const { bmcName, userName } = kind;
        const known = this.#users.get(bmcName) ?? [];
        this.#users.set(bmcName, known);
        // Another spelling of the same name, with two spaces for instance, is the same section.
        if (this.#isFirst(section, `${bmcName}\0${userName}`, bmcName))
          known.push({ section, userName, keys });
        break;
      }
      case 'bmc':
        if (this.#isFirst(section, name, name)) content.bmcs.push({ section, keys });
    }
  }

  /** False, with an error of the BMC `owner`, when an earlier section has this identity. */
  #isFirst(section: ScannedSection, identity: string, owner: string): boolean {
    const earlier = this.#firsts.get(identity);
    if (earlier === undefined) {
      this.#firsts.set(identity, section);
      return true;
    }
    const error = duplicateSection(section, earlier);
    this.diagnostics.push(error);
    const known = this.#repeats.get(owner) ?? [];
    this.#repeats.set(owner, known);
    known.push(error);
    return false;
  }
}

/**
 * SASL credentials in `[DEFAULT]` are for its connection. A file of another user that names a connection of its own does not have them
 * sent there.
 */
function defaultsFor({ section, keys }: ReadSection, defaults: KeyValues): KeyValues {
  const own = keys.values.get('libvirt_uri');
  const usual = defaults.get('libvirt_uri')?.value ?? 'qemu:///system';
  if (section.isForeign !== true || own === undefined || own.value === usual) return defaults;
  return new Map([...defaults].filter(([key]) => !key.startsWith('libvirt_sasl_')));
}

function readSectionKeys(section: ScannedSection, kind: SectionKind['kind']): SectionKeys {
  if (kind === 'user') return readKeys(section, userKeys);
  if (kind !== 'settings') return readKeys(section, bmcKeys);
  return readKeys(section, settingsKeys, (key) =>
    (bmcKeys as readonly string[]).includes(key)
      ? {
          message: `${key} is a key of a BMC, but [${SETTINGS_SECTION}] holds the settings of vbmcd`,
          remedy: `give the BMC another name and set domain_name = ${SETTINGS_SECTION}`,
        }
      : undefined,
  );
}

function duplicateSection(section: ScannedSection, earlier: ScannedSection): Diagnostic {
  const file = section.file === earlier.file ? undefined : (earlier.file ?? 'the inventory');
  return {
    ...errorOf(section),
    message: 'the section appears twice',
    see: { line: earlier.line, ...defined({ file }) },
    remedy: 'rename one or merge them',
  };
}

/** After an import both have it. */
function alsoInInventory(section: ScannedSection, earlier: ScannedSection): Diagnostic {
  return {
    severity: 'warning',
    ...placeOf(section, section.line),
    message: 'the inventory has this BMC too, and its section counts',
    see: { line: earlier.line, file: earlier.file ?? 'the inventory' },
    remedy: 'remove this directory, or the section',
  };
}

function misplacedSettings(section: ScannedSection): Diagnostic {
  const message = 'the settings of vbmcd belong in the inventory itself, not in the include directory';
  return { ...errorOf(section), message, remedy: 'move the section' };
}

function strayUser(section: ScannedSection, bmcName: string): Diagnostic {
  return {
    ...errorOf(section),
    message: `there is no BMC [${bmcName}]`,
    remedy:
      'write its section, or correct the name (a BMC whose name contains the word user needs another name and domain_name)',
  };
}

function errorOf(section: ScannedSection) {
  return { severity: 'error', ...placeOf(section, section.line) } as const;
}
