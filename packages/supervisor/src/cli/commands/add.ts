/** `vbmc add` */
import { addSection, type Key } from '../../editing/edit-inventory.ts';
import { Refusal } from '../../host/operator-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { scanInventory } from '../../inventory/scan.ts';
import { bmcNameProblem, DEFAULT_SECTION } from '../../inventory/section-name.ts';
import { nameList } from '../../text/name-list.ts';
import { printable } from '../../text/printable.ts';
import { problemText } from '../../text/problem.ts';
import { defined } from '../../text/records.ts';
import { virshQueries, type VirshQueries } from '../../virsh/virsh-query.ts';
import { changeInventory, reportChange } from '../change-inventory.ts';
import type { Command } from '../command.ts';
import { defineCommand, jsonOption } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { changeExitCodes } from '../exit-code.ts';
import { inventoryOption } from '../live-inventory.ts';
import { flag, text, type ValuesOf } from '../options.ts';
import { printJson, type Output } from '../output.ts';
import { generatePassword, givenPassword } from '../password.ts';
import { BUILT_IN_CONNECTION, usualConnection, type UsualConnection } from '../usual-connection.ts';

/** The names are VirtualBMC's, except those of the last three. */
const options = {
  username: text('<name>', 'the name of the administrator (default: admin)'),
  password: text('<text>', 'at most 20 bytes; - reads it from standard input'),
  generatePassword: flag('generate a password and print it'),
  port: text('<port>', 'UDP port (default: 623)'),
  address: text('<address>', 'IPv4 or IPv6 address to answer on (default: ::, all addresses)'),
  domainName: text('<name>', 'the libvirt domain, if its name differs from that of the BMC'),
  libvirtUri: text(
    '<uri>',
    `connection URI (default: the only one that the other BMCs have, else ${BUILT_IN_CONNECTION})`,
  ),
  libvirtSaslUsername: text('<name>', 'SASL user, for a connection that needs one'),
  libvirtSaslPassword: text('<text>', 'password of the SASL user'),
  inventory: inventoryOption,
  json: jsonOption,
};
type AddOptions = ValuesOf<typeof options>;

/** Options whose value becomes the value of a key. */
const keysOfOptions = [
  ['domain_name', 'domainName'],
  ['port', 'port'],
  ['address', 'address'],
  ['username', 'username'],
  ['libvirt_uri', 'libvirtUri'],
  ['libvirt_sasl_username', 'libvirtSaslUsername'],
] as const;

export function addCommand(virsh: VirshQueries = virshQueries()): Command {
  return defineCommand({
    name: 'add',
    description: 'add a BMC for a libvirt domain; vbmc start starts it',
    arguments: [
      {
        flags: '<name>',
        description: 'the name of the BMC, and of its domain unless --domain-name is given',
      },
    ],
    options,
    help: {
      paragraphs: [
        'Options that are left out take their value from [DEFAULT] of the inventory, then from the defaults above. Without --password, and without a password in [DEFAULT], vbmc generates one and prints it once. VirtualBMC\'s default was "password"; write it into [DEFAULT] if you want that. While vbmc runs, all users of this machine can see a password given as an argument: prefer --password - or --generate-password.',
      ],
      exitCodes: {
        ...changeExitCodes,
        0: 'added',
        1: 'not added: the BMC exists already, or a value is wrong',
      },
      examples: [
        'vbmc add node-0',
        'vbmc add node-1 --port 6230 --username admin --generate-password',
        'pass show node-2 | vbmc add node-2 --port 6231 --password -',
        'vbmc add node-3 --libvirt-uri qemu+ssh://username@192.168.122.1/system',
      ],
    },
    run: async (given, output, [name = '']) => {
      checkRequest(given, name);
      let generated: string | undefined;
      let usual: UsualConnection | undefined;
      const change = await changeInventory(given, (inventory, { text: inventoryText }) => {
        refuseKnown(inventory, name);
        const password = choosePassword(given, inventoryText);
        generated = password.generated;
        usual = given.libvirtUri === undefined ? usualConnection(inventory, inventoryText) : undefined;
        const libvirtUri = given.libvirtUri ?? (usual?.isDefault === false ? usual.uri : undefined);
        const keys = [...sectionKeys({ ...given, libvirtUri }, password.text), ['active', 'no'] as const];
        return (old, file) => (file === undefined ? addSection(old, name, keys) : old);
      });
      const exitCode = reportChange(change, [name], output);
      if (usual !== undefined) tellConnection(usual, output);
      await warnUnknownDomain(change.inventory, name, virsh, output);
      if (given.json) {
        const { place, reload } = change;
        printJson(output, { name, inventory: place.path, generatedPassword: generated ?? null, reload });
      } else if (generated !== undefined) {
        reportGenerated(name, generated, given.generatePassword, output);
      }
      return exitCode;
    },
  });
}

function reportGenerated(name: string, password: string, asked: boolean, output: Output): void {
  output.result(`generated password of ${printable(name)}: ${password}\n`);
  if (asked) return;
  output.problem(
    'vbmc: generated a password, as no --password was given; VirtualBMC would have used "password" (see vbmc add --help)\n',
  );
}

/** Says so when the connection is not plainly the one that was meant. */
function tellConnection({ uri, isDefault, others }: UsualConnection, output: Output): void {
  const [chosen, remedy] = [`its libvirt_uri is ${printable(uri)}`, '--libvirt-uri names another'];
  if (!isDefault) output.problem(`vbmc: ${chosen}, as that of all other BMCs; ${remedy}\n`);
  else if (others.length > 1)
    output.problem(`vbmc: ${chosen}; the other BMCs have ${nameList(others)}; ${remedy}\n`);
}

function checkRequest(given: AddOptions, name: string): void {
  const problem = bmcNameProblem(name, 'give --domain-name');
  if (problem !== undefined) throw new Refusal(problem.message, defined({ remedy: problem.remedy }));
  if (given.password !== undefined && given.generatePassword) {
    throw new UsageError('--password and --generate-password exclude each other', {
      remedy: 'give one of them',
    });
  }
  if ((given.libvirtSaslUsername === undefined) !== (given.libvirtSaslPassword === undefined)) {
    throw new UsageError('SASL needs both --libvirt-sasl-username and --libvirt-sasl-password', {
      remedy: 'give both or neither',
    });
  }
}

function refuseKnown({ entries }: Inventory, name: string): void {
  const known = entries.find((entry) => (entry.valid ? entry.settings.name : entry.name) === name);
  if (known === undefined) return;
  const where = `${known.file ?? 'the inventory'}, line ${known.line}`;
  throw new Refusal(`there already is a BMC ${printable(name)} (${where})`, {
    remedy: 'choose another name, or delete it first',
  });
}

/** The password to write; none when `[DEFAULT]` has one. */
function choosePassword(given: AddOptions, inventoryText: string): { text?: string; generated?: string } {
  if (given.password !== undefined) return { text: givenPassword(given.password) };
  const defaults = scanInventory(inventoryText).sections.find(({ name }) => name === DEFAULT_SECTION);
  const hasDefault =
    defaults?.entries.some(({ key }) => key === 'password' || key === 'password_file') ?? false;
  if (hasDefault && !given.generatePassword) return {};
  const generated = generatePassword();
  return { text: generated, generated };
}

function sectionKeys(given: AddOptions, password: string | undefined): Key[] {
  const values = [
    ...keysOfOptions.map(([key, option]) => [key, given[option]] as const),
    ['password', password] as const,
    ['libvirt_sasl_password', given.libvirtSaslPassword] as const,
  ];
  return values.flatMap(([key, value]): Key[] => (value === undefined ? [] : [[key, oneLine(key, value)]]));
}

function oneLine(key: string, value: string): string {
  if (/[\r\n]/.test(value)) {
    throw new Refusal(`${key} has a line break, which the inventory cannot hold`, { remedy: 'remove it' });
  }
  return value;
}

/** VirtualBMC refuses an unknown domain. Here it is a warning, because a BMC may be added before its domain. */
async function warnUnknownDomain(
  { entries }: Inventory,
  name: string,
  virsh: VirshQueries,
  output: Output,
): Promise<void> {
  const entry = entries.find((candidate) => candidate.valid && candidate.settings.name === name);
  if (entry?.valid !== true) return;
  const { domainName, connectionUri, saslCredentials } = entry.settings;
  const domain = printable(domainName);
  const found = await virsh.listDomains(connectionUri, saslCredentials);
  const warn = (message: string, remedy: string): void => {
    output.problem(`vbmc: warning: ${problemText({ message, remedy })}\n`);
  };
  if (!found.ok) {
    warn(`cannot check whether domain ${domain} exists (${printable(found.reason, 500)})`, 'run vbmc doctor');
  } else if (!found.domains.includes(domainName)) {
    warn(`${connectionUri} has no domain ${domain}`, 'define it, or correct the name');
  }
}
