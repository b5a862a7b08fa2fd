/** From VirtualBMC's configuration of one BMC to a section of the inventory. Pure. */
import type { Key } from '../editing/edit-inventory.ts';
import type { ProposedSection } from '../editing/proposed-sections.ts';
import { programProblem } from '../inventory/programs-in-uri.ts';
import { bmcNameProblem } from '../inventory/section-name.ts';
import type { Problem } from '../text/problem.ts';
import { readConfigFile } from './config-file.ts';

/** The keys that keep their name and meaning, with the default that VirtualBMC's help states for each. */
const kept: readonly (readonly [key: string, whenMissing: string | undefined])[] = [
  ['address', '::'],
  ['username', 'admin'],
  ['password', 'password'],
  ['libvirt_uri', 'qemu:///system'],
  ['libvirt_sasl_username', undefined],
  ['libvirt_sasl_password', undefined],
];

export type Imported =
  | { readonly ok: true; readonly section: ProposedSection }
  | { readonly ok: false; readonly problem: Problem };

/** `directoryName` is VirtualBMC's name for the BMC: the name of its domain. */
export function toSection(directoryName: string, configText: string): Imported {
  const config = readConfigFile(configText);
  if (!config.ok) return config;
  const { values } = config;
  const problem = bmcNameProblem(directoryName);
  if (problem !== undefined) return { ok: false, problem };
  const port = readInteger(values.get('port'));
  if (port === undefined) return refuse('port is missing or not a number');

  const domain = values.get('domain_name') ?? directoryName;
  const keys: Key[] = [
    ...(domain === directoryName ? [] : [['domain_name', domain] as const]),
    ['port', port],
    ...kept.flatMap(([key, whenMissing]): Key[] => {
      const value = values.get(key) ?? whenMissing;
      return value === undefined ? [] : [[key, value]];
    }),
    // As VirtualBMC reads it: any value but true means not active.
    ['active', values.get('active')?.toLowerCase() === 'true' ? 'yes' : 'no'],
  ];
  if (keys.some(([, value]) => /[\r\n]/.test(value))) {
    return refuse('a value has several lines, which the inventory cannot hold');
  }
  const program = programProblem(values.get('libvirt_uri') ?? '');
  if (program !== undefined) {
    const remedy = 'add the BMC with vbmc add, if this user may decide which programs vbmcd starts';
    return { ok: false, problem: { message: `libvirt_uri: ${program.message}`, remedy } };
  }
  return { ok: true, section: { name: directoryName, keys } };
}

function refuse(message: string): Imported {
  return { ok: false, problem: { message } };
}

/** In plain digits. As Python's int() reads it, which accepts a sign, leading zeros and `6_230`. */
function readInteger(text: string | undefined): string | undefined {
  const digits = /^\+?([0-9]+(?:_[0-9]+)*)$/.exec(text?.trim() ?? '')?.[1];
  return digits?.replaceAll('_', '').replace(/^0+(?=[0-9])/, '');
}
