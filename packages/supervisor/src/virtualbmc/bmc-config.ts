/** What VirtualBMC's file for one BMC says, in the inventory's keys and words. Pure. */
import { configText, readConfigFile, type ConfigSection } from './config-file.ts';
import type { ConfigFinding } from './program-config.ts';

export interface BmcKey {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface BmcConfig {
  /** Of the header; 1 when there is none. */
  readonly line: number;
  /** Without those that the file does not have, except `active`. */
  readonly keys: readonly BmcKey[];
  readonly errors: readonly ConfigFinding[];
}

const SECTION = 'VirtualBMC';

/** The keys that keep their name and meaning. VirtualBMC ignores all others but `port` and `active`. */
const kept = [
  'domain_name',
  'port',
  'address',
  'username',
  'password',
  'libvirt_uri',
  'libvirt_sasl_username',
  'libvirt_sasl_password',
] as const;

export function readBmcConfig(text: string): BmcConfig {
  const config = readConfigFile(text);
  if (!config.ok) return { line: 1, keys: [], errors: [config.problem] };
  const section = config.sections.find(({ name }) => name === SECTION);
  if (section === undefined) {
    const remedy = `write [${SECTION}] above the keys`;
    return { line: 1, keys: [], errors: [{ message: `there is no section [${SECTION}]`, remedy }] };
  }
  const read = kept.map((key) => readKey(section, key));
  return {
    line: section.line,
    keys: [...read.flatMap(({ found }) => found ?? []), activeKey(section)],
    errors: read.flatMap(({ error }) => error ?? []),
  };
}

function readKey(
  section: ConfigSection,
  key: string,
): { readonly found?: BmcKey; readonly error?: ConfigFinding } {
  const value = configText(section, key);
  if (value === undefined) return {};
  if (!value.ok) return { error: { key, ...value.problem } };
  const { line } = section.values.get(key) ?? section;
  if (/[\r\n]/.test(value.text)) {
    return { error: { key, line, message: 'the value has several lines', remedy: 'write it in one line' } };
  }
  if (key !== 'port') return { found: { key, line, value: value.text } };
  const port = readInteger(value.text);
  if (port === undefined)
    return { error: { key, line, message: 'it is not a number', remedy: 'write a UDP port' } };
  return { found: { key, line, value: port } };
}

/** As VirtualBMC reads it: any value but true means not active, and so does none. */
function activeKey(section: ConfigSection): BmcKey {
  const value = configText(section, 'active');
  const isActive = value?.ok === true && value.text.toLowerCase() === 'true';
  const { line } = section.values.get('active') ?? section;
  return { key: 'active', line, value: isActive ? 'yes' : 'no' };
}

/** In plain digits. As Python's int() reads it, which accepts a sign, leading zeros and `6_230`. */
function readInteger(text: string): string | undefined {
  const digits = /^\+?([0-9]+(?:_[0-9]+)*)$/.exec(text.trim())?.[1];
  return digits?.replaceAll('_', '').replace(/^0+(?=[0-9])/, '');
}
