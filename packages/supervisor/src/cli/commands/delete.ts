/** `vbmc delete` */
import { deleteSections } from '../../editing/edit-inventory.ts';
import type { PlanEdit } from '../../editing/edit-inventory-files.ts';
import { sectionKind } from '../../inventory/section-name.ts';
import { changeInventory, reportChange } from '../change-inventory.ts';
import { defineCommand, jsonOption } from '../define-command.ts';
import { changeExitCodes } from '../exit-code.ts';
import { bmcNames, findBmcs } from '../known-bmcs.ts';
import { inventoryOption } from '../live-inventory.ts';
import { printJson } from '../output.ts';

export const deleteCommand = defineCommand({
  name: 'delete',
  description: 'stop BMCs and remove them from the inventory',
  arguments: [bmcNames],
  options: { inventory: inventoryOption, json: jsonOption },
  help: {
    paragraphs: [
      'Removes the section of each BMC and its [NAME user USERNAME] sections; every other line of the inventory stays. Of a BMC in a directory of VirtualBMC (virtualbmc_dir) it removes NAME/config. The domains are not touched. If one of the names is unknown, nothing is deleted.',
    ],
    exitCodes: { ...changeExitCodes, 0: 'deleted', 1: 'not deleted: there is no such BMC' },
    examples: ['vbmc delete node-0', 'vbmc delete node-1 node-2'],
  },
  run: async (options, output, names) => {
    const plan: PlanEdit = (inventory, files) => {
      findBmcs(inventory, names);
      const theirs = files.virtualBmcs?.files.filter(({ name }) => names.includes(name)) ?? [];
      return {
        text: (text) => deleteSections(text, (section) => names.includes(ownerOf(section))),
        virtualBmcs: new Map(theirs.map(({ name }) => [name, null])),
      };
    };
    const change = await changeInventory(options, plan, { removes: names });
    if (options.json) {
      const { place, reload } = change;
      printJson(output, { deleted: names, inventory: place.path, reload });
    }
    return reportChange(change, names, output);
  },
});

/** The BMC that a section belongs to. */
function ownerOf(section: string): string {
  const kind = sectionKind(section);
  return kind.kind === 'user' ? kind.bmcName : section;
}
