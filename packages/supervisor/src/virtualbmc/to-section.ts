/** From VirtualBMC's configuration of one BMC to our section. Pure. */
import type { Key } from '../editing/edit-inventory.ts';
import type { ProposedSection } from '../editing/proposed-sections.ts';
import { bmcNameProblem } from '../inventory/section-name.ts';
import { readConfigFile } from './config-file.ts';

/** The keys that keep their name and meaning, and what VirtualBMC says in its help when they are missing. */
const kept: readonly (readonly [key: string, whenMissing: string | undefined])[] = [
  ['address', '::'],
  ['username', 'admin'],
  ['password', 'password'],
  ['libvirt_uri', 'qemu:///system'],
  ['libvirt_sasl_username', undefined],
  ['libvirt_sasl_password', undefined],
];

export type Imported =
  { readonly ok: true; readonly section: ProposedSection } | { readonly ok: false; readonly error: string };

/** `directoryName` is what VirtualBMC calls the BMC: its domain. */
export function toSection(directoryName: string, configText: string): Imported {
  const config = readConfigFile(configText);
  if (!config.ok) return config;
  const { values } = config;
  const problem = bmcNameProblem(directoryName);
  if (problem !== undefined) return { ok: false, error: problem };
  const port = readInteger(values.get('port'));
  if (port === undefined) return { ok: false, error: 'port is missing or not a number' };

  const domain = values.get('domain_name') ?? directoryName;
  const keys: Key[] = [
    ...(domain === directoryName ? [] : [['domain_name', domain] as const]),
    ['port', port],
    ...kept.flatMap(([key, whenMissing]): Key[] => {
      const value = values.get(key) ?? whenMissing;
      return value === undefined ? [] : [[key, value]];
    }),
    // As VirtualBMC reads it: whatever is not true is not active.
    ['active', values.get('active')?.toLowerCase() === 'true' ? 'yes' : 'no'],
  ];
  if (keys.some(([, value]) => /[\r\n]/.test(value))) {
    return { ok: false, error: 'a value has several lines, which the inventory cannot hold' };
  }
  return { ok: true, section: { name: directoryName, keys } };
}

/** As Python's int() reads it, which takes a sign, leading zeros and `6_230`; in plain digits. */
function readInteger(text: string | undefined): string | undefined {
  const digits = /^\+?([0-9]+(?:_[0-9]+)*)$/.exec(text?.trim() ?? '')?.[1];
  return digits?.replaceAll('_', '').replace(/^0+(?=[0-9])/, '');
}
