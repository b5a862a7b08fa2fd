/** `vbmc add` */
import { printable } from '../../text/printable.ts';
import { defined } from '../../text/records.ts';
import { addSection, type Key } from '../../editing/edit-inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { scanInventory } from '../../inventory/scan.ts';
import { bmcNameProblem, DEFAULT_SECTION } from '../../inventory/section-name.ts';
import { Refusal } from '../../host/operator-error.ts';
import { virshQueries, type VirshQueries } from '../../virsh/virsh-query.ts';
import { CHANGE_EXIT_CODES, changeInventory, reportChange } from '../change-inventory.ts';
import type { Command, OptionValues, Output } from '../command.ts';
import { reportingFailures, UsageError } from '../errors.ts';
import { inventoryOption } from '../live-inventory.ts';
import { generatePassword, givenPassword } from '../password.ts';

/** Options that become keys of the section as they are; VirtualBMC's names. */
const keyOptions = [
  ['domain_name', 'domainName'],
  ['port', 'port'],
  ['address', 'address'],
  ['username', 'username'],
  ['libvirt_uri', 'libvirtUri'],
  ['libvirt_sasl_username', 'libvirtSaslUsername'],
] as const;

export function addCommand(virsh: VirshQueries = virshQueries()): Command {
  return {
    name: 'add',
    description: 'add a BMC for a libvirt domain; it runs after vbmc start',
    arguments: [
      { flags: '<name>', description: 'of the BMC, and of its domain unless --domain-name is given' },
    ],
    options: [
      { flags: '--username <name>', description: 'of the administrator (default: admin)' },
      { flags: '--password <text>', description: 'at most 20 bytes; - reads it from standard input' },
      { flags: '--generate-password', description: 'make a password and print it' },
      { flags: '--port <port>', description: 'UDP port (default: 623)' },
      { flags: '--address <address>', description: 'to answer on, IPv4 or IPv6 (default: ::, all)' },
      {
        flags: '--domain-name <name>',
        description: 'the libvirt domain, where it is not named like the BMC',
      },
      { flags: '--libvirt-uri <uri>', description: 'connection URI (default: qemu:///system)' },
      { flags: '--libvirt-sasl-username <name>', description: 'for a connection that wants SASL' },
      { flags: '--libvirt-sasl-password <text>', description: 'with it' },
      inventoryOption,
      { flags: '--json', description: 'print JSON' },
    ],
    help: `
What is left out comes from [DEFAULT] of the inventory, then from the defaults above. Without --password,
and without one in [DEFAULT], a password is generated and printed once. VirtualBMC's default was "password";
write it into [DEFAULT] if that is what you want. Passwords in an argument are seen by all users of this
machine while vbmc runs: prefer --password - or --generate-password.

Exit codes:
  0  added
  1  not added: the name exists, a value is wrong
${CHANGE_EXIT_CODES}

Examples:
  vbmc add node-0
  vbmc add node-1 --port 6230 --username admin --generate-password
  pass show node-2 | vbmc add node-2 --port 6231 --password -
  vbmc add node-3 --port 6232 --libvirt-uri qemu+ssh://username@192.168.122.1/system`,
    run: reportingFailures(async (options, output, [name = '']) => {
      checkRequest(options, name);
      let generated: string | undefined;
      const change = await changeInventory(options, (inventory, { text }) => {
        refuseKnown(inventory, name);
        const password = choosePassword(options, text);
        generated = password.generated;
        const keys = [...sectionKeys(options, password.text), ['active', 'no'] as const];
        return (old, file) => (file === undefined ? addSection(old, name, keys) : old);
      });
      const exitCode = reportChange(change, [name], output);
      await warnUnknownDomain(change.inventory, name, virsh, output);
      if (options['json'] === true) {
        const { place, reload } = change;
        const answer = { name, inventory: place.path, generatedPassword: generated ?? null, reload };
        output.result(`${JSON.stringify(answer, null, 2)}\n`);
      } else if (generated !== undefined) {
        output.result(`generated password of ${printable(name)}: ${generated}\n`);
        if (options['generatePassword'] !== true) {
          output.problem(
            'vbmc: no --password was given; VirtualBMC would have taken "password" (vbmc add --help)\n',
          );
        }
      }
      return exitCode;
    }),
  };
}

function checkRequest(options: OptionValues, name: string): void {
  const problem = bmcNameProblem(name, 'give --domain-name');
  if (problem !== undefined) throw new Refusal(problem.message, defined({ remedy: problem.remedy }));
  if (options['password'] !== undefined && options['generatePassword'] === true) {
    throw new UsageError('--password and --generate-password exclude each other', {
      remedy: 'give one of them',
    });
  }
  const hasName = options['libvirtSaslUsername'] !== undefined;
  if (hasName !== (options['libvirtSaslPassword'] !== undefined)) {
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
function choosePassword(options: OptionValues, inventoryText: string): { text?: string; generated?: string } {
  const { password } = options;
  if (typeof password === 'string') return { text: givenPassword(password) };
  const defaults = scanInventory(inventoryText).sections.find(({ name }) => name === DEFAULT_SECTION);
  const hasDefault =
    defaults?.entries.some(({ key }) => key === 'password' || key === 'password_file') ?? false;
  if (hasDefault && options['generatePassword'] !== true) return {};
  const generated = generatePassword();
  return { text: generated, generated };
}

function sectionKeys(options: OptionValues, password: string | undefined): Key[] {
  const keys = keyOptions.flatMap(([key, option]): Key[] => {
    const value = options[option];
    return typeof value === 'string' ? [[key, oneLine(key, value)]] : [];
  });
  const saslPassword = options['libvirtSaslPassword'];
  if (password !== undefined) keys.push(['password', oneLine('password', password)]);
  if (typeof saslPassword === 'string') {
    keys.push(['libvirt_sasl_password', oneLine('libvirt_sasl_password', saslPassword)]);
  }
  return keys;
}

function oneLine(key: string, value: string): string {
  if (/[\r\n]/.test(value)) {
    throw new Refusal(`${key} has a line break, which the inventory cannot hold`, { remedy: 'remove it' });
  }
  return value;
}

/** VirtualBMC refuses an unknown domain; a BMC may as well come before its domain, so here it is a warning. */
async function warnUnknownDomain(
  { entries }: Inventory,
  name: string,
  virsh: VirshQueries,
  output: Output,
): Promise<void> {
  const entry = entries.find((candidate) => candidate.valid && candidate.settings.name === name);
  if (entry?.valid !== true) return;
  const { domainName, connectionUri, saslCredentials } = entry.settings;
  const found = await virsh.listDomains(connectionUri, saslCredentials);
  if (!found.ok) {
    const reason = printable(found.reason, 500);
    output.problem(
      `vbmc: warning: could not look for domain ${printable(domainName)}: ${reason} (vbmc doctor)\n`,
    );
  } else if (!found.domains.includes(domainName)) {
    output.problem(
      `vbmc: warning: ${connectionUri} has no domain ${printable(domainName)}: define it, or correct the name\n`,
    );
  }
}
