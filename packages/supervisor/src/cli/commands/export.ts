/** `vbmc export` */
import { performance } from 'node:perf_hooks';
import { printable } from '../../text/printable.ts';
import { guessAddress, isLoopback, isWildcard, type OwnAddresses } from '../../export/advertised-address.ts';
import { summarizeNotes, type ExportFormat } from '../../export/export-format.ts';
import type { ExportedBmc } from '../../export/exported-bmc.ts';
import { formats } from '../../export/formats.ts';
import type { BmcSettings } from '../../inventory/inventory.ts';
import { askDomains } from '../../export/ask-domains.ts';
import { lookUpOwnAddresses } from '../../export/own-addresses.ts';
import { Refusal } from '../../host/operator-error.ts';
import { askingVirsh, type AskVirsh } from '../../virsh/virsh-query.ts';
import { writePrivateFile } from '../../host/write-private-file.ts';
import type { Command, OptionValues } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { readExportable, type Exportable } from './exportable-bmcs.ts';
import { reportingFailures, UsageError } from '../errors.ts';
import { inventoryOption } from '../live-inventory.ts';
import { Progress } from '../progress.ts';

/** A hypervisor that starts a hundred domains at the moment takes its time. */
const VIRSH_DEADLINE_MS = 15_000;

export interface ExportSurroundings {
  readonly ask: AskVirsh;
  readonly ownAddresses: () => Promise<OwnAddresses>;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

const thisHost: ExportSurroundings = {
  ask: askingVirsh('virsh', VIRSH_DEADLINE_MS),
  ownAddresses: lookUpOwnAddresses,
  isTerminal: process.stderr.isTTY,
  now: () => performance.now(),
};

const FORMAT_HELP = Object.entries(formats)
  .map(([name, { description }]) => `  ${name.padEnd(11)} ${description}`)
  .join('\n');

export function exportCommand(surroundings: ExportSurroundings = thisHost): Command {
  return {
    name: 'export',
    description: 'write what another system imports to manage the domains by their BMCs; needs no vbmcd',
    arguments: [
      { flags: '<format>', description: 'see below', choices: Object.keys(formats) },
      { flags: '[names...]', description: 'of BMCs (default: all that are active)', completes: 'bmcs' },
    ],
    options: [
      {
        flags: '--address <host>',
        description: 'by which others reach the BMCs that answer on all addresses',
      },
      { flags: '--show-secrets', description: 'print passwords (and K_g) too' },
      { flags: '--output <file>', description: 'write to a file of mode 0600, passwords included' },
      inventoryOption,
      { flags: '--json', description: 'JSON instead of YAML; a FILE that ends in .json gets it too' },
    ],
    help: `
Formats:
${FORMAT_HELP}

MAC addresses, CPUs, memory, disk, architecture, boot mode and UUID are asked of libvirt. Without
--show-secrets or --output there are no passwords: some formats leave them out, others have a placeholder.

Exit codes:
  0  done
  1  a BMC was left out, standard error says why; the others are exported
  2  the command line is wrong

Examples:
  vbmc export ironic --output nodes.yaml && openstack baremetal create nodes.yaml
  vbmc export metal3 node-0 node-1 --show-secrets | kubectl apply -f -
  vbmc export csv --address hypervisor.example.org`,
    run: reportingFailures(async (options, output, [formatName = '', ...names]) => {
      const format = formats[formatName];
      if (format === undefined) throw new UsageError(`there is no format ${printable(formatName)}`);
      const asJson = readJsonOption(options, format, formatName);
      const note = (text: string): void => {
        output.problem(`vbmc: ${printable(text, 1_000)}\n`);
      };
      const { bmcs, leftOut } = await readExportable(options, names);
      const { exported, failed } = await gather(bmcs, options, surroundings, output.problem, note);
      for (const { name, reason } of [...leftOut, ...failed]) note(`${name} is left out: ${reason}`);
      const isPartial = leftOut.length + failed.length > 0;
      if (isPartial && exported.length === 0) throw new Refusal('nothing is left to export');
      if (exported.length === 0) note('the inventory has no active BMC');

      const { text, notes } = format.render(exported, asJson);
      for (const line of summarizeNotes(notes)) note(line);
      noteSecrets(exported, bmcs, options, format, note);
      const file = options['output'];
      if (typeof file === 'string') await writePrivateFile(file, text);
      else output.result(text);
      return isPartial ? exitCodes.failed : exitCodes.done;
    }),
  };
}

function readJsonOption(options: OptionValues, { json }: ExportFormat, name: string): boolean {
  if (json === 'never' && options['json'] === true)
    throw new UsageError(`the format ${name} has no JSON`, { remedy: 'leave out --json' });
  if (json !== 'also') return json === 'only';
  const file = options['output'];
  return options['json'] === true || (typeof file === 'string' && file.endsWith('.json'));
}

function showsSecrets(options: OptionValues): boolean {
  return options['showSecrets'] === true || options['output'] !== undefined;
}

/** The BMCs with the facts about their domains, and those about which nothing could be learned. */
async function gather(
  bmcs: readonly Exportable[],
  options: OptionValues,
  surroundings: ExportSurroundings,
  write: (text: string) => void,
  note: (text: string) => void,
) {
  const settings = bmcs.map((bmc) => bmc.settings);
  const advertise = await addressChooser(settings, options, surroundings, note);
  const progress = new Progress('asking libvirt', bmcs.length, { ...surroundings, write });
  const answers = await askDomains(settings, surroundings.ask, () => {
    progress.step();
  });
  progress.end();
  const exported: ExportedBmc[] = [];
  const failed: { name: string; reason: string }[] = [];
  for (const [index, bmc] of bmcs.entries()) {
    const { settings: own } = bmc;
    const answer = answers[index];
    if (answer?.ok !== true) {
      failed.push({ name: own.name, reason: answer?.reason ?? 'libvirt was not asked' });
      continue;
    }
    exported.push({
      name: own.name,
      domainName: own.domainName,
      connectionUri: own.connectionUri,
      address: advertise(own.address),
      port: own.port,
      username: own.users[0]?.name ?? '',
      needsKg: own.kg !== undefined,
      secrets: showsSecrets(options) ? bmc.secrets : {},
      domain: answer.facts,
      ...(answer.diskGib !== undefined && { diskGib: answer.diskGib }),
    });
  }
  return { exported, failed };
}

/** From the address that a BMC is bound to, to the one by which others reach it. */
async function addressChooser(
  settings: readonly BmcSettings[],
  options: OptionValues,
  { ownAddresses }: ExportSurroundings,
  note: (text: string) => void,
): Promise<(address: string) => string> {
  const addresses = [...new Set(settings.map(({ address }) => address))];
  if (addresses.some(isLoopback)) note('BMCs on a loopback address are reached from this host only');
  const asked = options['address'];
  if (typeof asked === 'string') {
    if (!/^[A-Za-z0-9.:%_-]+$/.test(asked) || isWildcard(asked)) {
      throw new UsageError(`--address: ${printable(asked)} is not an address or a host name`);
    }
    return (address) => (isWildcard(address) ? asked : address);
  }
  const wildcards = addresses.filter(isWildcard);
  if (wildcards.length === 0) return (address) => address;
  const own = await ownAddresses();
  const guesses = new Map<string, string>();
  for (const wildcard of wildcards) {
    const guess = guessAddress(wildcard, own);
    if (guess === undefined) {
      const message = 'this host has no address by which others could reach it';
      throw new Refusal(message, { remedy: 'name one with --address' });
    }
    note(
      `BMCs that answer on all addresses (${wildcard}) get ${guess}, a guess: --address HOST overrides it`,
    );
    guesses.set(wildcard, guess);
  }
  return (address) => guesses.get(address) ?? address;
}

function noteSecrets(
  exported: readonly ExportedBmc[],
  bmcs: readonly Exportable[],
  options: OptionValues,
  { hiddenPassword }: ExportFormat,
  note: (text: string) => void,
): void {
  if (exported.length === 0) return;
  const instead = hiddenPassword === 'leftOut' ? 'left out' : 'replaced by a placeholder';
  if (!showsSecrets(options)) {
    note(`passwords are ${instead}: --show-secrets prints them, --output FILE writes them to a private file`);
    return;
  }
  for (const { settings, secrets } of bmcs) {
    if (secrets.password !== undefined) continue;
    note(`${settings.name}: its password is a credential of the service, unreadable here: it is ${instead}`);
  }
}
