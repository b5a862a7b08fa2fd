/** `vbmc add` */
import { addSection, type Key } from '../../editing/edit-inventory.ts';
import type { InventoryEdit } from '../../editing/edit-inventory-files.ts';
import { renderConfig } from '../../editing/edit-virtualbmc-config.ts';
import { Refusal } from '../../host/operator-error.ts';
import type { BmcSettings, Inventory } from '../../inventory/inventory.ts';
import { checkInventory, readInventoryFiles } from '../../inventory/read-inventory.ts';
import type { VirtualBmcInclude } from '../../inventory/read-virtualbmcs.ts';
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
import { likelyConnections, lookForDomain, type Search } from '../find-domain.ts';
import { inventoryOption, locateInventory } from '../live-inventory.ts';
import { flag, text, type ValuesOf } from '../options.ts';
import { printJson, type Output } from '../output.ts';
import { generatePassword, givenPassword } from '../password.ts';
import { defaultPaths } from '../paths.ts';
import { BUILT_IN_CONNECTION, usualConnection, type UsualConnection } from '../usual-connection.ts';

/** The names are VirtualBMC's, except those of `generatePassword` and the last three. */
const options = {
  username: text('<name>', 'the name of the administrator (default: admin)'),
  password: text('<text>', 'at most 20 bytes; - reads it from standard input'),
  generatePassword: flag('generate a password and print it'),
  port: text('<port>', 'UDP port (default: 623)'),
  address: text('<address>', 'IPv4 or IPv6 address, or host name, to answer on (default: ::, all addresses)'),
  domainName: text('<name>', 'the libvirt domain, if its name differs from that of the BMC'),
  libvirtUri: text(
    '<uri>',
    `connection URI (default: the only one that the other BMCs have, else ${BUILT_IN_CONNECTION}; of an ordinary user the first of these and qemu:///session that has the domain)`,
  ),
  libvirtSaslUsername: text('<name>', 'SASL user, for a connection that needs one'),
  libvirtSaslPassword: text('<text>', 'password of the SASL user'),
  noCheck: flag('do not ask libvirt whether the domain exists'),
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

/** `paths`: of the user who adds. */
export function addCommand(virsh: VirshQueries = virshQueries(), paths = defaultPaths): Command {
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
        'A domain that libvirt says it does not have is refused, unless --no-check is given. If libvirt does not answer, the BMC is added with a warning.',
        'Options that are left out take their value from [DEFAULT] of the inventory, then from the defaults above. Without --password, and without a password in [DEFAULT], vbmc generates one and prints it once. VirtualBMC\'s default was "password"; virtualbmc_defaults = yes under [vbmc] makes it the default here. While vbmc runs, all users of this machine can see a password given as an argument: prefer --password - or --generate-password.',
      ],
      exitCodes: {
        ...changeExitCodes,
        0: 'added',
        1: 'not added: the BMC exists already, the domain does not, or a value is wrong',
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
      const place = await locateInventory(given);
      const { path, virtualBmc } = place;
      const files = await readInventoryFiles(path, { virtualBmc, mayBeMissing: true });
      const inventory = await checkInventory(files, 'commandLine');
      refuseKnown(inventory, name);
      const password = choosePassword(given, inventory, files.text);
      const usual = given.libvirtUri === undefined ? usualConnection(inventory, files.text) : undefined;
      const keysOn = (libvirtUri: string | undefined): readonly Key[] => [
        ...sectionKeys({ ...given, libvirtUri }, password.text),
        ['active', 'no'],
      ];
      const usualKeys = keysOn(given.libvirtUri ?? (usual?.isDefault === false ? usual.uri : undefined));
      const proposed = { ...files, text: addSection(files.text, name, usualKeys) };
      const settings = settingsOf(await checkInventory(proposed, 'commandLine'), name);
      // An error in the values is told first: by the edit, which refuses it.
      const isAnySearched = usual !== undefined && !usual.isWritten && paths().mode === 'user';
      const search = (uri: string): Search => ({
        connectionUris: isAnySearched ? likelyConnections(usual.uri, BUILT_IN_CONNECTION) : [uri],
        source: given.libvirtUri === undefined ? 'inventory' : 'typed',
      });
      const isChecked = settings !== undefined && !given.noCheck;
      const found = isChecked
        ? await lookForDomain(virsh, settings, search(settings.connectionUri))
        : undefined;
      const isSearched = isAnySearched && found?.kind === 'found';
      const keys = isSearched ? keysOn(found.connectionUri) : usualKeys;
      const change = await changeInventory(
        given,
        (now, { virtualBmcs }) => {
          refuseKnown(now, name);
          if (virtualBmcs !== undefined) return addToDirectory(virtualBmcs, name, keys);
          return (old, file) => (file === undefined ? addSection(old, name, keys) : old);
        },
        { place },
      );
      const exitCode = reportChange(change, [name], output);
      if (isSearched) tellFound(found.connectionUri, output);
      else if (usual !== undefined) tellConnection(usual, output);
      if (settings !== undefined && found?.kind === 'notAsked')
        warnNotAsked(settings.domainName, found.silent, output);
      if (given.json) {
        const { reload } = change;
        printJson(output, {
          name,
          inventory: place.path,
          generatedPassword: password.generated ?? null,
          reload,
        });
      } else if (password.generated !== undefined) {
        reportGenerated(name, password.generated, given.generatePassword, output);
      }
      return exitCode;
    },
  });
}

function settingsOf({ entries }: Inventory, name: string): BmcSettings | undefined {
  const entry = entries.find((candidate) => candidate.valid && candidate.settings.name === name);
  return entry?.valid === true ? entry.settings : undefined;
}

function reportGenerated(name: string, password: string, asked: boolean, output: Output): void {
  output.result(`generated password of ${printable(name)}: ${password}\n`);
  if (asked) return;
  output.problem(
    'vbmc: generated a password, as no --password was given; VirtualBMC would have used "password" (see vbmc add --help)\n',
  );
}

/** Says so where a script for VirtualBMC would not expect it. */
function tellFound(connectionUri: string, output: Output): void {
  if (connectionUri === BUILT_IN_CONNECTION) return;
  const uri = printable(connectionUri);
  output.problem(`vbmc: its libvirt_uri is ${uri}, where the domain is; --libvirt-uri names another\n`);
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

/** As VirtualBMC writes it, so that a script finds `NAME/config` where it looks for it. */
function addToDirectory({ directory }: VirtualBmcInclude, name: string, keys: readonly Key[]): InventoryEdit {
  if (name.includes('/') || name === '.' || name === '..') {
    const remedy = 'choose another name and give --domain-name';
    throw new Refusal(`${name} is no name of a directory, and each BMC has one in ${directory}`, { remedy });
  }
  const domain = keys.find(([key]) => key === 'domain_name')?.[1] ?? name;
  const own = keys.filter(([key]) => key !== 'domain_name' && key !== 'active');
  const text = renderConfig([...own, ['domain_name', domain], ['active', 'False']]);
  if (text === undefined) {
    const message = 'a value begins or ends with white space, which a file of VirtualBMC cannot hold';
    throw new Refusal(message, { remedy: 'choose another value' });
  }
  return { text: (old) => old, virtualBmcs: new Map([[name, text]]) };
}

/** The password to write; none when the inventory has one for BMCs without. */
function choosePassword(
  given: AddOptions,
  { settings }: Inventory,
  inventoryText: string,
): { text?: string; generated?: string } {
  if (given.password !== undefined) return { text: givenPassword(given.password) };
  const defaults = scanInventory(inventoryText).sections.find(({ name }) => name === DEFAULT_SECTION);
  const hasDefault =
    defaults?.entries.some(({ key }) => key === 'password' || key === 'password_file') ?? false;
  if ((hasDefault || settings.virtualBmcDefaults === true) && !given.generatePassword) return {};
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

/** VirtualBMC refuses then. Here libvirt may be down for a while, and the inventory may be written before it is up. */
function warnNotAsked(domainName: string, why: string, output: Output): void {
  const message = `cannot check whether domain ${printable(domainName)} exists (${why})`;
  output.problem(`vbmc: warning: ${problemText({ message, remedy: 'run vbmc doctor' })}\n`);
}
