/** `vbmc discover` */
import { discoverSections, type Discovery } from '../../editing/discovered-sections.ts';
import { renderSection } from '../../editing/edit-inventory.ts';
import { addSections, type ProposedSection } from '../../editing/proposed-sections.ts';
import { Refusal } from '../../host/operator-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { checkInventory, readInventoryFiles, type InventoryFiles } from '../../inventory/read-inventory.ts';
import { printable } from '../../text/printable.ts';
import { ownUser } from '../../virsh/asking-user.ts';
import { virshQueries, type VirshQueries } from '../../virsh/virsh-query.ts';
import { changeInventory, reportChange } from '../change-inventory.ts';
import type { Command } from '../command.ts';
import { defineCommand, type CommonOptions } from '../define-command.ts';
import { changeExitCodes, exitCodes, type ExitCode } from '../exit-code.ts';
import { likelyConnections } from '../find-domain.ts';
import { inventoryOption, locateInventory, type LiveInventory } from '../live-inventory.ts';
import { flag, numberOr, text, type ValuesOf } from '../options.ts';
import { printJson, type Output } from '../output.ts';
import { generatePassword } from '../password.ts';
import { defaultPaths, type Paths } from '../paths.ts';
import { renderTable } from '../text-table.ts';
import { BUILT_IN_CONNECTION, usualConnection } from '../usual-connection.ts';

const udpPort = { minimum: 1, maximum: 65_535, what: 'a UDP port' };

const options = {
  uri: text(
    '<uri>',
    `connection URI whose domains are listed (default: that of [DEFAULT], else the only one that the BMCs have, else ${BUILT_IN_CONNECTION}; of an ordinary user these and qemu:///session)`,
  ),
  firstPort: numberOr(6230, udpPort, '<port>', 'the lowest UDP port to use'),
  write: flag('add the sections to the inventory instead of printing them'),
  inventory: inventoryOption,
  json: flag('print JSON: an array with one object per new BMC'),
};
type DiscoverOptions = CommonOptions & ValuesOf<typeof options>;

type Propose = (inventory: Inventory) => readonly ProposedSection[];

/** `paths`: of the user who discovers. */
export function discoverCommand(
  virsh: VirshQueries = virshQueries({ user: ownUser }),
  paths = defaultPaths,
): Command {
  return defineCommand({
    name: 'discover',
    description: 'write inventory sections for all domains without a BMC',
    options,
    help: {
      paragraphs: [
        'Each new BMC gets an unused port and a generated password. Without --write the sections are printed, with their passwords. With --write they are added to the inventory, and the BMCs start.',
      ],
      exitCodes: {
        ...changeExitCodes,
        0: 'done, or every domain already has a BMC',
        1: 'libvirt did not answer',
      },
      examples: ['vbmc discover', 'vbmc discover --uri qemu:///session --first-port 7000 --write'],
    },
    run: async (given, output) => {
      const { firstPort } = given;
      const place = await locateInventory(given);
      const uris = given.uri === undefined ? await usualUris(place, paths()) : [given.uri];
      const found = await listAll(virsh, uris);
      const propose: Propose = (inventory) =>
        discoverSections(inventory, { found, firstPort, generatePassword });
      return given.write
        ? writeSections(given, place, propose, output)
        : printSections(given, place, propose, output);
    },
  });
}

/** An ordinary user may have domains on several. */
async function usualUris(place: LiveInventory, { mode }: Paths): Promise<readonly string[]> {
  const files = await readOrEmpty(place);
  const { uri, isWritten } = usualConnection(await checkInventory(files, 'commandLine'), files.text);
  return isWritten || mode === 'system' ? [uri] : likelyConnections(uri, BUILT_IN_CONNECTION);
}

/** Throws a `Refusal` when no connection answers. */
async function listAll(virsh: VirshQueries, uris: readonly string[]): Promise<Discovery['found']> {
  const found: { connectionUri: string; domains: readonly string[] }[] = [];
  const failures: string[] = [];
  for (const connectionUri of uris) {
    const answer = await virsh.listDomains(connectionUri);
    if (answer.ok) found.push({ connectionUri, domains: answer.domains });
    else failures.push(`cannot list the domains of ${connectionUri} (${printable(answer.reason, 500)})`);
  }
  if (found.length === 0) throw new Refusal(failures.join('; '), { remedy: 'run vbmc doctor' });
  return found;
}

async function printSections(
  { json }: DiscoverOptions,
  place: LiveInventory,
  propose: Propose,
  output: Output,
): Promise<ExitCode> {
  const files = await readOrEmpty(place);
  const sections = propose(await checkInventory(files, 'commandLine'));
  if (json) printJson(output, toValues(sections, true));
  else output.result(sections.map(({ name, keys }) => renderSection(name, keys)).join('\n'));
  return exitCodes.done;
}

async function readOrEmpty({ path, virtualBmc }: LiveInventory): Promise<InventoryFiles> {
  return readInventoryFiles(path, { virtualBmc, mayBeMissing: true });
}

async function writeSections(
  given: DiscoverOptions,
  place: LiveInventory,
  propose: Propose,
  output: Output,
): Promise<ExitCode> {
  let written: readonly ProposedSection[] = [];
  const plan = (inventory: Inventory) => {
    written = propose(inventory);
    return (text: string, file: string | undefined) =>
      file === undefined ? addSections(text, written) : text;
  };
  const change = await changeInventory(given, plan, { place });
  if (given.json) printJson(output, toValues(written, false));
  else output.result(toTable(written));
  const names = written.map(({ name }) => name);
  return reportChange(change, names, output);
}

function keyOf({ keys }: ProposedSection, wanted: string): string | undefined {
  return keys.find(([key]) => key === wanted)?.[1];
}

function toValues(sections: readonly ProposedSection[], withPasswords: boolean) {
  return sections.map((section) => ({
    name: section.name,
    domain: keyOf(section, 'domain_name') ?? section.name,
    port: Number(keyOf(section, 'port')),
    connectionUri: keyOf(section, 'libvirt_uri'),
    ...(withPasswords && { generatedPassword: keyOf(section, 'password') }),
  }));
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
