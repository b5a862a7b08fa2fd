/** `vbmc start` and `vbmc stop`: VirtualBMC's verbs for whether a BMC answers, which the inventory records. */
import { setKey } from '../../editing/edit-inventory.ts';
import { withActive } from '../../editing/edit-virtualbmc-config.ts';
import { Refusal } from '../../host/operator-error.ts';
import { defined } from '../../text/records.ts';
import type { VirtualBmcFile } from '../../virtualbmc/virtualbmc-directory.ts';
import { changeInventory, reportChange } from '../change-inventory.ts';
import type { Command } from '../command.ts';
import { defineCommand, jsonOption } from '../define-command.ts';
import { changeExitCodes } from '../exit-code.ts';
import { bmcNames, findBmcs, nameOf } from '../known-bmcs.ts';
import { inventoryOption } from '../live-inventory.ts';
import { printJson } from '../output.ts';

export const startCommand = setActiveCommand({
  name: 'start',
  description: 'start BMCs, now and whenever vbmcd starts (active = yes)',
  active: true,
  failed: 'not started: there is no such BMC, or another BMC has its port or domain',
});

export const stopCommand = setActiveCommand({
  name: 'stop',
  description: 'stop BMCs until vbmc start starts them again (active = no)',
  active: false,
  failed: 'not stopped: there is no such BMC',
});

/** Throws a `Refusal` when VirtualBMC's file cannot be edited. */
function changed({ path, content }: VirtualBmcFile, active: boolean): string {
  if (!content.ok) throw new Refusal(content.problem.message, defined({ remedy: content.problem.remedy }));
  const text = withActive(content.text, active);
  if (text !== undefined) return text;
  throw new Refusal(`${path} cannot be edited`, { remedy: 'correct what vbmc validate reports about it' });
}

interface SetActive {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  /** What exit code 1 means. */
  readonly failed: string;
}

function setActiveCommand({ name, description, active, failed }: SetActive): Command {
  return defineCommand({
    name,
    description,
    arguments: [bmcNames],
    options: { inventory: inventoryOption, json: jsonOption },
    help: {
      paragraphs: [`The verb is about BMCs only: vbmc ${name} does not change the power of any domain.`],
      exitCodes: { ...changeExitCodes, 0: 'done, or there was nothing to do', 1: failed },
      examples: [`vbmc ${name} node-0`, `vbmc ${name} node-1 node-2`],
    },
    run: async (options, output, names) => {
      const change = await changeInventory(options, (inventory, { virtualBmcs }) => {
        const toChange = findBmcs(inventory, names).filter(
          (entry) => !entry.valid || entry.settings.active !== active,
        );
        const theirs = virtualBmcs?.files.filter(({ path }) => toChange.some(({ file }) => file === path));
        return {
          text: (text, file) =>
            toChange
              .filter((entry) => entry.file === file)
              .reduce(
                (edited, entry) => setKey(edited, nameOf(entry), 'active', active ? 'yes' : 'no'),
                text,
              ),
          virtualBmcs: new Map((theirs ?? []).map((file) => [file.name, changed(file, active)])),
        };
      });
      if (options.json) {
        const { place, reload } = change;
        printJson(output, { names, active, inventory: place.path, reload });
      }
      return reportChange(change, names, output);
    },
  });
}
