/** `vbmc discover` */
import { printable } from '../../text/printable.ts';
import { discoverSections } from '../../editing/discovered-sections.ts';
import { renderSection } from '../../editing/edit-inventory.ts';
import { addSections, type ProposedSection } from '../../editing/proposed-sections.ts';
import { numberWithin } from '../../inventory/field-checks.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { readOrEmpty } from '../../editing/edit-inventory-files.ts';
import { checkInventory } from '../../inventory/read-inventory.ts';
import { Refusal } from '../../host/operator-error.ts';
import { virshQueries, type VirshQueries } from '../../virsh/virsh-query.ts';
import { CHANGE_EXIT_CODES, changeInventory, reportChange } from '../change-inventory.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { reportingFailures, UsageError } from '../errors.ts';
import { inventoryOption, locateInventory } from '../live-inventory.ts';
import { generatePassword } from '../password.ts';
import { renderTable } from '../text-table.ts';

export function discoverCommand(virsh: VirshQueries = virshQueries()): Command {
  return {
    name: 'discover',
    description: 'write inventory sections for all domains that have no BMC yet',
    options: [
      { flags: '--uri <uri>', description: 'connection URI to look at', defaultValue: 'qemu:///system' },
      { flags: '--first-port <port>', description: 'UDP ports from here on', defaultValue: '6230' },
      { flags: '--write', description: 'add the sections to the inventory instead of printing them' },
      inventoryOption,
      { flags: '--json', description: 'print JSON: an array with one object per new BMC' },
    ],
    help: `
Each new BMC gets a port that no other has and a generated password. Printed sections show it; with --write it
stands in the inventory only, and the BMCs start.

Exit codes:
  0  done, also when every domain has a BMC
  1  libvirt cannot be asked
${CHANGE_EXIT_CODES}

Examples:
  vbmc discover
  vbmc discover --uri qemu:///session --first-port 7000 --write`,
    run: reportingFailures(async (options, output) => {
      const uri = String(options['uri']);
      const firstPort = numberWithin(String(options['firstPort']), 1, 65_535);
      if (firstPort === undefined) throw new UsageError('--first-port: not a UDP port (1-65535)');
      const found = await virsh.listDomains(uri);
      if (!found.ok) {
        const message = `cannot list the domains of ${uri} (${printable(found.reason, 500)})`;
        throw new Refusal(message, { remedy: 'run vbmc doctor' });
      }
      const { domains } = found;
      const propose = (inventory: Inventory): readonly ProposedSection[] =>
        discoverSections(inventory, { connectionUri: uri, domains, firstPort, generatePassword });

      const place = await locateInventory(options);
      if (options['write'] !== true) {
        const { files } = await readOrEmpty(place.path);
        const sections = propose(checkInventory(files, 'commandLine'));
        const text = sections.map(({ name, keys }) => renderSection(name, keys)).join('\n');
        output.result(options['json'] === true ? toJson(sections, true) : text);
        return exitCodes.done;
      }
      let written: readonly ProposedSection[] = [];
      const change = await changeInventory(
        options,
        (inventory) => {
          written = propose(inventory);
          return (text, file) => (file === undefined ? addSections(text, written) : text);
        },
        place,
      );
      output.result(options['json'] === true ? toJson(written, false) : toTable(written));
      return reportChange(
        change,
        written.map(({ name }) => name),
        output,
      );
    }),
  };
}

function keyOf({ keys }: ProposedSection, wanted: string): string | undefined {
  return keys.find(([key]) => key === wanted)?.[1];
}

function toJson(sections: readonly ProposedSection[], withPasswords: boolean): string {
  const bmcs = sections.map((section) => ({
    name: section.name,
    domain: keyOf(section, 'domain_name') ?? section.name,
    port: Number(keyOf(section, 'port')),
    connectionUri: keyOf(section, 'libvirt_uri'),
    ...(withPasswords && { generatedPassword: keyOf(section, 'password') }),
  }));
  return `${JSON.stringify(bmcs, null, 2)}\n`;
}

function toTable(sections: readonly ProposedSection[]): string {
  if (sections.length === 0) return '';
  const rows = sections.map((section) => [
    printable(section.name),
    printable(keyOf(section, 'domain_name') ?? section.name),
    keyOf(section, 'port') ?? '',
  ]);
  return renderTable(['NAME', 'DOMAIN', 'PORT'], rows);
}
