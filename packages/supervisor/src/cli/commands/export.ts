/** `vbmc export` */
import { performance } from 'node:perf_hooks';
import type { OwnAddresses } from '../../export/advertised-address.ts';
import { askDomains, type DomainAnswer } from '../../export/ask-domains.ts';
import { summarizeNotes, type ExportFormat } from '../../export/export-format.ts';
import type { ExportedBmc } from '../../export/exported-bmc.ts';
import { formats } from '../../export/formats.ts';
import { lookUpOwnAddresses } from '../../export/own-addresses.ts';
import { Refusal } from '../../host/operator-error.ts';
import { writePrivateFile } from '../../host/write-private-file.ts';
import { printable } from '../../text/printable.ts';
import { defined } from '../../text/records.ts';
import { askingVirsh, type AskVirsh } from '../../virsh/virsh-query.ts';
import type { Command, HelpRow } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes, localExitCodes } from '../exit-code.ts';
import { inventoryOption } from '../live-inventory.ts';
import { flag, text, type ValuesOf } from '../options.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { advertiseAddresses } from './advertise-addresses.ts';
import { readExportable, type Exportable, type LeftOut } from './exportable-bmcs.ts';

/** libvirtd answers late while it starts a hundred domains. */
const VIRSH_DEADLINE_MS = 15_000;

export interface ExportDependencies {
  readonly ask: AskVirsh;
  readonly ownAddresses: () => Promise<OwnAddresses>;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

const thisHost: ExportDependencies = {
  ask: askingVirsh({ deadlineMs: VIRSH_DEADLINE_MS }),
  ownAddresses: lookUpOwnAddresses,
  isTerminal: process.stderr.isTTY,
  now: () => performance.now(),
};

const options = {
  address: text('<host>', 'the address that other hosts use for BMCs bound to all addresses'),
  showSecrets: flag('print passwords and K_g too'),
  output: text('<file>', 'write to a file of mode 0600, with passwords'),
  inventory: inventoryOption,
  json: flag('print JSON instead of YAML; a FILE that ends in .json gets it too'),
};
type ExportOptions = ValuesOf<typeof options>;

export function exportCommand(dependencies: ExportDependencies = thisHost): Command {
  return defineCommand({
    name: 'export',
    description: 'write the BMCs in the format of another system, to import them there; needs no vbmcd',
    arguments: [
      { flags: '<format>', description: 'see below', choices: Object.keys(formats) },
      {
        flags: '[names...]',
        description: 'the BMCs to export (default: all active ones)',
        completes: 'bmcs',
      },
    ],
    options,
    help: {
      paragraphs: [
        'MAC addresses, CPUs, memory, disk, architecture, boot mode and UUID come from libvirt. Without --show-secrets or --output there are no passwords: some formats leave them out, others have a placeholder.',
      ],
      lists: [
        {
          title: 'Formats',
          rows: Object.entries(formats).map(([name, { description }]): HelpRow => [name, description]),
        },
      ],
      exitCodes: {
        ...localExitCodes,
        1: 'a BMC was left out, standard error says why; the others were exported',
      },
      examples: [
        'vbmc export ironic --output nodes.yaml',
        'vbmc export metal3 node-0 node-1 --show-secrets | kubectl apply -f -',
        'vbmc export csv --address hypervisor.example.org',
      ],
    },
    run: async (given, output, [formatName = '', ...names]) => {
      const format = formats[formatName];
      if (format === undefined) throw new UsageError(`there is no format ${printable(formatName)}`);
      const asJson = wantsJson(given, format, formatName);
      const note = (line: string): void => {
        output.problem(`vbmc: ${printable(line, 1_000)}\n`);
      };
      const { bmcs, leftOut } = await readExportable(given, names);
      const advertise = await advertiseAddresses({
        bound: bmcs.map(({ settings }) => settings.address),
        asked: given.address,
        ownAddresses: dependencies.ownAddresses,
        note,
      });
      const answers = await askWithProgress(bmcs, dependencies, output);
      const { exported, failed } = combine(bmcs, answers, advertise, showsSecrets(given));
      for (const { name, reason } of [...leftOut, ...failed]) note(`${name} is left out: ${reason}`);
      const isPartial = leftOut.length + failed.length > 0;
      if (isPartial && exported.length === 0) throw new Refusal('nothing is left to export');
      if (exported.length === 0) note('the inventory has no active BMC');

      const { text: rendered, notes } = format.render(exported, asJson);
      for (const line of summarizeNotes(notes)) note(line);
      if (exported.length > 0) for (const line of secretNotes(bmcs, given, format)) note(line);
      if (given.output === undefined) output.result(rendered);
      else await writePrivateFile(given.output, rendered);
      return isPartial ? exitCodes.failed : exitCodes.done;
    },
  });
}

function wantsJson(given: ExportOptions, { json }: ExportFormat, name: string): boolean {
  if (json === 'never' && given.json) {
    throw new UsageError(`${name} has no JSON`, { remedy: 'leave out --json' });
  }
  if (json !== 'also') return json === 'only';
  return given.json || given.output?.endsWith('.json') === true;
}

function showsSecrets(given: ExportOptions): boolean {
  return given.showSecrets || given.output !== undefined;
}

async function askWithProgress(
  bmcs: readonly Exportable[],
  { ask, isTerminal, now }: ExportDependencies,
  output: Output,
): Promise<readonly DomainAnswer[]> {
  const progress = new Progress('asking libvirt', bmcs.length, { isTerminal, now, write: output.problem });
  const settings = bmcs.map((bmc) => bmc.settings);
  const answers = await askDomains(settings, ask, () => {
    progress.step();
  });
  progress.end();
  return answers;
}

/** The BMCs with the facts about their domains, and those whose domain libvirt gave no facts about. */
function combine(
  bmcs: readonly Exportable[],
  answers: readonly DomainAnswer[],
  advertise: (address: string) => string,
  withSecrets: boolean,
): { readonly exported: readonly ExportedBmc[]; readonly failed: readonly LeftOut[] } {
  const exported: ExportedBmc[] = [];
  const failed: LeftOut[] = [];
  for (const [index, { settings, secrets }] of bmcs.entries()) {
    const { name, domainName, connectionUri, port, kg } = settings;
    const answer = answers[index];
    if (answer?.ok !== true) {
      failed.push({ name, reason: answer?.reason ?? 'libvirt was not asked' });
      continue;
    }
    exported.push({
      name,
      domainName,
      connectionUri,
      address: advertise(settings.address),
      port,
      username: settings.users[0]?.name ?? '',
      needsKg: kg !== undefined,
      secrets: withSecrets ? secrets : {},
      domain: answer.facts,
      ...defined({ diskGib: answer.diskGib }),
    });
  }
  return { exported, failed };
}

function secretNotes(
  bmcs: readonly Exportable[],
  given: ExportOptions,
  { hiddenPassword }: ExportFormat,
): readonly string[] {
  const instead = hiddenPassword === 'leftOut' ? 'left out' : 'replaced by a placeholder';
  if (!showsSecrets(given)) {
    return [
      `passwords are ${instead}: --show-secrets prints them, --output FILE writes them to a private file`,
    ];
  }
  return bmcs
    .filter(({ secrets }) => secrets.password === undefined)
    .map(
      ({ settings }) =>
        `${settings.name}: its password is a systemd credential, which only the service can read, so it is ${instead}`,
    );
}
