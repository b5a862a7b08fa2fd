/** From VirtualBMC's configuration of one BMC to a section of the inventory. Pure. */
import { foreignUriProblem } from '../inventory/foreign-uri.ts';
import { programProblem } from '../inventory/programs-in-uri.ts';
import type { Problem } from '../text/problem.ts';
import { readBmcConfig } from '../virtualbmc/bmc-config.ts';
import type { ConfigFinding } from '../virtualbmc/program-config.ts';
import { freeSectionName } from './discovered-sections.ts';
import type { Key } from './edit-inventory.ts';
import type { ProposedSection } from './proposed-sections.ts';

/** VirtualBMC's defaults. Its files name all keys; one without a password lets nobody in there, and is an error here. */
const whenMissing: readonly Key[] = [
  ['address', '::'],
  ['username', 'admin'],
  ['libvirt_uri', 'qemu:///system'],
];

const order = [
  ...['domain_name', 'port', 'address', 'username', 'password', 'libvirt_uri'],
  ...['libvirt_sasl_username', 'libvirt_sasl_password', 'active'],
];

export type Imported =
  | { readonly ok: true; readonly section: ProposedSection }
  | { readonly ok: false; readonly problem: ConfigFinding };

export interface ImportCircumstances {
  /** Names that the section must not get. */
  readonly taken?: ReadonlySet<string>;
  /** Whether neither root nor the user who imports has written the file. */
  readonly isForeign?: boolean;
}

/** `directoryName` is VirtualBMC's name for the BMC. The section gets another name, made from it, when it cannot be one. */
export function importedSection(
  directoryName: string,
  configText: string,
  { taken = new Set(), isForeign = false }: ImportCircumstances = {},
): Imported {
  const { line, keys, errors } = readBmcConfig(configText);
  const [error] = errors;
  if (error !== undefined) return { ok: false, problem: error };
  const values = new Map<string, string>([
    ...whenMissing,
    ...keys.map(({ key, value }): Key => [key, value]),
  ]);
  if (!values.has('port')) return { ok: false, problem: { key: 'port', line, message: 'it is missing' } };
  const connection = connectionProblem(values.get('libvirt_uri'), isForeign);
  if (connection !== undefined) return { ok: false, problem: { key: 'libvirt_uri', ...connection } };
  const name = freeSectionName(directoryName, taken);
  const domain = values.get('domain_name') ?? directoryName;
  if (domain === name) values.delete('domain_name');
  else values.set('domain_name', domain);
  return {
    ok: true,
    section: { name, keys: order.flatMap((key) => pair(key, values.get(key))) },
  };
}

function pair(key: string, value: string | undefined): Key[] {
  return value === undefined ? [] : [[key, value]];
}

function connectionProblem(uri = '', isForeign: boolean): Problem | undefined {
  const problem = isForeign ? foreignUriProblem(uri) : programProblem(uri);
  const remedy = 'add the BMC with vbmc add, if its connection is meant';
  return problem && { message: problem.message, remedy };
}
