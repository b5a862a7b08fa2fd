/** `vbmc import virtualbmc` */
import { importedSection, type Imported } from '../../editing/imported-section.ts';
import { addSections, fitSections, type ProposedSection } from '../../editing/proposed-sections.ts';
import { Refusal } from '../../host/operator-error.ts';
import { formatWithKey } from '../../inventory/diagnostic.ts';
import { hiddenFileProblem } from '../../inventory/hidden-files.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { DEFAULT_SECTION } from '../../inventory/section-name.ts';
import { writtenValue } from '../../inventory/written-value.ts';
import { BUILT_IN_CONNECTION } from '../usual-connection.ts';
import type { CheckFiles, InventoryFiles } from '../../inventory/read-inventory.ts';
import { printable } from '../../text/printable.ts';
import { problemText } from '../../text/problem.ts';
import { defined } from '../../text/records.ts';
import {
  findDirectory,
  followDirectory,
  ownEnvironment,
  type FoundDirectory,
  type LocatedFinding,
} from '../../virtualbmc/find-directory.ts';
import type { ConfigFinding } from '../../virtualbmc/program-config.ts';
import { readVirtualBmcDirectory, type VirtualBmcFile } from '../../virtualbmc/virtualbmc-directory.ts';
import { changeInventory, reportChange } from '../change-inventory.ts';
import { defineCommand } from '../define-command.ts';
import { changeExitCodes, exitCodes } from '../exit-code.ts';
import { nameOf } from '../known-bmcs.ts';
import { inventoryOption } from '../live-inventory.ts';
import { flag } from '../options.ts';
import { printJson, type Output } from '../output.ts';

type State = 'imported' | 'present' | 'failed';

interface Outcome {
  /** VirtualBMC's name for it. */
  readonly name: string;
  readonly state: State;
  /** The name of its section, when that is another one. */
  readonly section?: string;
  /** Why it failed; never holds a password. */
  readonly reason?: string;
}

interface ImportPlan {
  readonly sections: readonly ProposedSection[];
  readonly outcomes: readonly Outcome[];
}

const DIRECTORY_REMEDY =
  'name the directory of the user who ran VirtualBMC: vbmc import virtualbmc /home/USER/.vbmc';

export const importCommand = defineCommand({
  name: 'import',
  description: "import VirtualBMC's configuration",
  arguments: [
    { flags: '<source>', description: 'which program to import from', choices: ['virtualbmc'] },
    {
      flags: '[dir]',
      description: "VirtualBMC's directory (default: the one that virtualbmc.conf names, else ~/.vbmc)",
      completes: 'directories',
    },
  ],
  options: { inventory: inventoryOption, json: flag('print JSON: the outcome for each BMC') },
  help: {
    paragraphs: [
      "Adds a section for each BMC of VirtualBMC, with its name, address, port, user, password, connection, and whether it is active. BMCs that the inventory already has stay unchanged, so importing twice is harmless. VirtualBMC's files are only read. Stop its vbmcd first, because both programs use the same ports.",
      'The settings of VirtualBMC are those of $VIRTUALBMC_CONFIG, ~/.vbmc/virtualbmc.conf or /etc/virtualbmc/virtualbmc.conf, the first that exists, or those of virtualbmc.conf in the directory that is named. Their config_dir is followed; a warning says what to use in place of each other setting.',
      'A name that no section can have is changed as vbmc discover changes it, and domain_name keeps the name of the domain.',
    ],
    exitCodes: {
      ...changeExitCodes,
      0: 'all BMCs were imported, or were in the inventory before',
      1: 'some BMCs were not imported, or there is none; the message says why',
    },
    examples: ['vbmc import virtualbmc', 'sudo vbmc import virtualbmc /home/stack/.vbmc'],
  },
  run: async (options, output, [, directory]) => {
    const found =
      directory === undefined ? await findDirectory(ownEnvironment()) : await followDirectory(directory);
    const files = await readFound(found, output);
    let plan: ImportPlan = { sections: [], outcomes: [] };
    const change = await changeInventory(options, (inventory, inventoryFiles, check) => {
      plan = planImport(files, inventory, inventoryFiles, check);
      return (text, file) => (file === undefined ? addSections(text, plan.sections) : text);
    });
    const { outcomes, sections } = plan;
    if (options.json) printJson(output, outcomes);
    else reportOutcomes(outcomes, output);
    for (const section of sections) warnHiddenFile(section, output);
    const imported = sections.map(({ name }) => name);
    const exitCode = reportChange(change, imported, output);
    return outcomes.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCode;
  },
});

/** The files of the BMCs. Throws a `Refusal` when there is none. */
async function readFound(found: FoundDirectory, output: Output): Promise<readonly VirtualBmcFile[]> {
  const { path, configPath, warnings, errors } = found;
  for (const warning of warnings) output.problem(`vbmc: warning: ${findingText(warning)}\n`);
  const [error] = errors;
  if (error !== undefined) throw new Refusal(findingText(error), { remedy: DIRECTORY_REMEDY });
  const from = configPath === undefined ? '' : `, to which ${configPath} leads,`;
  const read = await readVirtualBmcDirectory(path);
  if (!read.ok) {
    const { message } = read.problem;
    throw new Refusal(configPath === undefined ? message : `${message} (named by ${configPath})`, {
      remedy: DIRECTORY_REMEDY,
    });
  }
  if (read.files.length > 0) return read.files;
  throw new Refusal(`${path}${from} has no BMC: no NAME/config is there`, { remedy: DIRECTORY_REMEDY });
}

function findingText(finding: LocatedFinding): string {
  return printable(`${placeText(finding.file, finding)}: ${problemText(finding)}`, 1000);
}

function placeText(path: string, { line, section, key }: ConfigFinding): string {
  const place = line === undefined ? path : `${path}:${line}`;
  const named = section === undefined ? (key ?? '') : `[${section}] ${key ?? ''}`.trim();
  return named === '' ? place : `${place}: ${named}`;
}

function planImport(
  configs: readonly VirtualBmcFile[],
  { entries }: Inventory,
  files: InventoryFiles,
  checkFiles: CheckFiles,
): ImportPlan {
  // Those of a directory that is a part of the inventory are not in it yet.
  const theirs = new Set(files.virtualBmcs?.files.map(({ path }) => path));
  const own = entries.filter(({ file }) => file === undefined || !theirs.has(file));
  const present = new Set(own.map(nameOf));
  const names = new Set([...present, ...configs.map(({ name }) => name)]);
  const domains = new Set(own.map((entry) => (entry.valid ? entry.settings.domainName : entry.domainName)));
  const outcomes = new Map<string, Outcome>();
  const sources = new Map<string, string>();
  const proposed = configs.flatMap((config): ProposedSection[] => {
    const { name, path, content } = config;
    const taken = new Set([...names].filter((one) => one !== name));
    const read: Imported = content.ok
      ? importedSection(name, content.text, { taken, isForeign: !content.isOwn })
      : { ok: false, problem: content.problem };
    const isForeign = content.ok && !content.isOwn;
    const imported = isForeign ? withoutOurCredentials(read, files.text) : read;
    if (present.has(name)) outcomes.set(name, { name, state: 'present' });
    else if (!imported.ok) {
      const reason = `${placeText(path, imported.problem)}: ${problemText(imported.problem)}`;
      outcomes.set(name, { name, state: 'failed', reason });
    } else if (imported.section.name !== name && domains.has(domainOf(imported.section))) {
      outcomes.set(name, { name, state: 'present' });
    } else {
      sources.set(imported.section.name, name);
      names.add(imported.section.name);
      return [imported.section];
    }
    return [];
  });
  const check = (text: string): Inventory => checkFiles({ ...files, text });
  const { accepted, rejected } = fitSections(files.text, proposed, check);
  for (const section of accepted) {
    const name = sources.get(section.name) ?? section.name;
    const renamed = section.name === name ? undefined : section.name;
    outcomes.set(name, { name, state: 'imported', ...defined({ section: renamed }) });
  }
  for (const { name: section, errors } of rejected) {
    const name = sources.get(section) ?? section;
    outcomes.set(name, { name, state: 'failed', reason: errors.map(formatWithKey).join('; ') });
  }
  return { sections: accepted, outcomes: configs.flatMap(({ name }) => outcomes.get(name) ?? []) };
}

/** The section would have the SASL credentials of `[DEFAULT]`, for a connection that another user has chosen. */
function withoutOurCredentials(imported: Imported, text: string): Imported {
  if (!imported.ok || writtenValue(text, DEFAULT_SECTION, 'libvirt_sasl_password') === undefined)
    return imported;
  const { keys } = imported.section;
  const usual = writtenValue(text, DEFAULT_SECTION, 'libvirt_uri') ?? BUILT_IN_CONNECTION;
  if (valueOf(keys, 'libvirt_uri') === usual || valueOf(keys, 'libvirt_sasl_password') !== undefined)
    return imported;
  const message =
    'the SASL credentials of [DEFAULT] would be sent to this connection, which another user has chosen';
  const remedy = 'add the BMC with vbmc add, if that is meant';
  return { ok: false, problem: { key: 'libvirt_uri', message, remedy } };
}

function domainOf({ name, keys }: ProposedSection): string {
  return valueOf(keys, 'domain_name') ?? name;
}

function valueOf(keys: ProposedSection['keys'], wanted: string): string | undefined {
  return keys.find(([key]) => key === wanted)?.[1];
}

function reportOutcomes(outcomes: readonly Outcome[], output: Output): void {
  for (const { name, state, section, reason } of outcomes) {
    if (state === 'imported') output.result(`${printable(section ?? name)}\n`);
    if (section !== undefined)
      output.problem(`vbmc: ${printable(name)} was imported as ${printable(section)}\n`);
    if (state === 'present') output.problem(`vbmc: ${printable(name)} is already in the inventory\n`);
    if (state === 'failed') {
      output.problem(`vbmc: ${printable(name)} was not imported: ${printable(reason ?? '', 1000)}\n`);
    }
  }
}

/** The user who imports often sees more than the service. */
function warnHiddenFile({ name, keys }: ProposedSection, output: Output): void {
  const problem = hiddenFileProblem(valueOf(keys, 'libvirt_uri') ?? '');
  if (problem === undefined) return;
  output.problem(`vbmc: warning: ${printable(`${name}: libvirt_uri: ${problemText(problem)}`, 1000)}\n`);
}
