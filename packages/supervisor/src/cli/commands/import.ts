/** `vbmc import virtualbmc` */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { problemText } from '../../text/problem.ts';
import { printable } from '../../text/printable.ts';
import { addSections, fitSections, type ProposedSection } from '../../editing/proposed-sections.ts';
import { formatWithKey } from '../../inventory/diagnostic.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { CheckFiles, InventoryFiles } from '../../inventory/read-inventory.ts';
import { readVirtualBmcDirectory, type VirtualBmcConfig } from '../../virtualbmc/virtualbmc-directory.ts';
import { toSection } from '../../virtualbmc/to-section.ts';
import { changeInventory, reportChange } from '../change-inventory.ts';
import { defineCommand } from '../define-command.ts';
import { changeExitCodes, exitCodes } from '../exit-code.ts';
import { nameOf } from '../known-bmcs.ts';
import { inventoryOption } from '../live-inventory.ts';
import { flag } from '../options.ts';
import { printJson, type Output } from '../output.ts';

type State = 'imported' | 'present' | 'failed';

interface Outcome {
  readonly name: string;
  readonly state: State;
  /** Why it failed; never holds a password. */
  readonly reason?: string;
}

export const importCommand = defineCommand({
  name: 'import',
  description: "import VirtualBMC's configuration",
  arguments: [
    { flags: '<source>', description: 'which program to import from', choices: ['virtualbmc'] },
    { flags: '[dir]', description: "VirtualBMC's directory (default: ~/.vbmc)", completes: 'directories' },
  ],
  options: { inventory: inventoryOption, json: flag('print JSON: the outcome for each BMC') },
  help: {
    paragraphs: [
      "Adds a section for each BMC of VirtualBMC, with its name, address, port, user, password, connection, and whether it is active. BMCs that the inventory already has stay unchanged, so importing twice is harmless. VirtualBMC's files are only read. Stop its vbmcd first, because both programs use the same ports.",
    ],
    exitCodes: {
      ...changeExitCodes,
      0: 'all BMCs were imported, or were in the inventory before',
      1: 'some BMCs were not imported; the message says why',
    },
    examples: ['vbmc import virtualbmc', 'sudo vbmc import virtualbmc /home/stack/.vbmc'],
  },
  run: async (options, output, [, directory = join(homedir(), '.vbmc')]) => {
    const configs = await readVirtualBmcDirectory(directory);
    let outcomes: readonly Outcome[] = [];
    const change = await changeInventory(options, (inventory, files, check) => {
      const plan = planImport(configs, inventory, files, check);
      outcomes = plan.outcomes;
      return (text, file) => (file === undefined ? addSections(text, plan.sections) : text);
    });
    if (options.json) printJson(output, outcomes);
    else reportOutcomes(outcomes, directory, output);
    const imported = outcomes.filter(({ state }) => state === 'imported').map(({ name }) => name);
    const exitCode = reportChange(change, imported, output);
    return outcomes.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCode;
  },
});

function planImport(
  configs: readonly VirtualBmcConfig[],
  inventory: Inventory,
  files: InventoryFiles,
  checkFiles: CheckFiles,
): { sections: readonly ProposedSection[]; outcomes: readonly Outcome[] } {
  const known = new Set(inventory.entries.map(nameOf));
  const outcomes = new Map<string, Outcome>();
  const proposed = configs.flatMap(({ name, path, text }): ProposedSection[] => {
    if (known.has(name)) {
      outcomes.set(name, { name, state: 'present' });
      return [];
    }
    const imported = toSection(name, text);
    if (imported.ok) return [imported.section];
    outcomes.set(name, { name, state: 'failed', reason: `${path}: ${problemText(imported.problem)}` });
    return [];
  });
  const check = (text: string): Inventory => checkFiles({ ...files, text });
  const { accepted, rejected } = fitSections(files.text, proposed, check);
  for (const { name } of accepted) outcomes.set(name, { name, state: 'imported' });
  for (const { name, errors } of rejected) {
    outcomes.set(name, { name, state: 'failed', reason: errors.map(formatWithKey).join('; ') });
  }
  return { sections: accepted, outcomes: configs.flatMap(({ name }) => outcomes.get(name) ?? []) };
}

function reportOutcomes(outcomes: readonly Outcome[], directory: string, output: Output): void {
  if (outcomes.length === 0) output.problem(`vbmc: ${directory} has no BMC\n`);
  for (const { name, state, reason } of outcomes) {
    if (state === 'imported') output.result(`${printable(name)}\n`);
    else if (state === 'present') output.problem(`vbmc: ${printable(name)} is already in the inventory\n`);
    else output.problem(`vbmc: ${printable(name)} was not imported: ${printable(reason ?? '', 1000)}\n`);
  }
}
