/** `vbmc start` and `vbmc stop`: VirtualBMC's words for whether a BMC answers, which the inventory remembers. */
import { setKey } from '../../editing/edit-inventory.ts';
import { CHANGE_EXIT_CODES, changeInventory, reportChange } from '../change-inventory.ts';
import type { Command } from '../command.ts';
import { reportingFailures } from '../errors.ts';
import { bmcNames, findBmcs, nameOf } from '../known-bmcs.ts';
import { inventoryOption } from '../live-inventory.ts';

export const startCommand = setActiveCommand({
  name: 'start',
  description: 'start BMCs, now and whenever vbmcd starts (active = yes)',
  active: true,
  wrong: 'not started: there is no such BMC, or another one has its port or domain',
});

export const stopCommand = setActiveCommand({
  name: 'stop',
  description: 'stop BMCs, until they are started again (active = no)',
  active: false,
  wrong: 'not stopped: there is no such BMC',
});

function setActiveCommand({
  name,
  description,
  active,
  wrong,
}: {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly wrong: string;
}): Command {
  return {
    name,
    description,
    arguments: [bmcNames],
    options: [inventoryOption, { flags: '--json', description: 'print JSON' }],
    help: `
It is the BMC that is meant, not its domain: vbmc ${name} changes no machine's power.

Exit codes:
  0  done, also when there was nothing to do
  1  ${wrong}
${CHANGE_EXIT_CODES}

Examples:
  vbmc ${name} node-0
  vbmc ${name} node-1 node-2`,
    run: reportingFailures(async (options, output, names) => {
      const change = await changeInventory(options, (inventory) => {
        const toChange = findBmcs(inventory, names).filter(
          (entry) => !entry.valid || entry.settings.active !== active,
        );
        return (text, file) =>
          toChange
            .filter((entry) => entry.file === file)
            .reduce((edited, entry) => setKey(edited, nameOf(entry), 'active', active ? 'yes' : 'no'), text);
      });
      if (options['json'] === true) {
        const { place, reload } = change;
        output.result(`${JSON.stringify({ names, active, inventory: place.path, reload }, null, 2)}\n`);
      }
      return reportChange(change, names, output);
    }),
  };
}
