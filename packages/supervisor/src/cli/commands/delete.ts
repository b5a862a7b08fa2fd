/** `vbmc delete` */
import { deleteSections } from '../../editing/edit-inventory.ts';
import { sectionKind } from '../../inventory/section-name.ts';
import { CHANGE_EXIT_CODES, changeInventory, reportChange } from '../change-inventory.ts';
import type { Command } from '../command.ts';
import { reportingFailures } from '../errors.ts';
import { bmcNames, findBmcs } from '../known-bmcs.ts';
import { inventoryOption } from '../live-inventory.ts';

export const deleteCommand: Command = {
  name: 'delete',
  description: 'stop BMCs and remove them from the inventory',
  arguments: [bmcNames],
  options: [inventoryOption, { flags: '--json', description: 'print JSON' }],
  help: `
The section of each BMC goes, and its [NAME user USERNAME] sections; every other line of the inventory stays
as it is. The domains are not touched. When one of the names is unknown, nothing is deleted.

Exit codes:
  0  deleted
  1  not deleted: there is no such BMC
${CHANGE_EXIT_CODES}

Examples:
  vbmc delete node-0
  vbmc delete node-1 node-2`,
  run: reportingFailures(async (options, output, names) => {
    const change = await changeInventory(options, (inventory) => {
      findBmcs(inventory, names);
      return (text) => deleteSections(text, (section) => names.includes(ownerOf(section)));
    });
    if (options['json'] === true) {
      const { place, reload } = change;
      output.result(`${JSON.stringify({ deleted: names, inventory: place.path, reload }, null, 2)}\n`);
    }
    return reportChange(change, names, output);
  }),
};

/** The BMC that a section is about. */
function ownerOf(section: string): string {
  const kind = sectionKind(section);
  return kind.kind === 'user' ? kind.bmcName : section;
}
