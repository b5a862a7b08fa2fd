/**
 * Reads VirtualBMC's file for one BMC, `~/.vbmc/DOMAIN/config`, by the rules of Python's ConfigParser, which wrote it:
 * keys in lower case, `=` or `:`, comments on separate lines, indented lines continue a value, `%%` means `%` and
 * `%(key)s` the value of another key. Pure.
 */
import { OperatorError } from '../host/operator-error.ts';
import type { Problem } from '../text/problem.ts';
import { defined } from '../text/records.ts';

export type ConfigFile =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problem: Problem };

const SECTION = 'VirtualBMC';
const DEFAULTS = 'DEFAULT';
/** ConfigParser's own limit for values that refer to other values. */
const MAXIMUM_DEPTH = 10;

class Unreadable extends OperatorError {}

export function readConfigFile(text: string): ConfigFile {
  try {
    const sections = readSections(text);
    const own = sections.get(SECTION);
    if (own === undefined) throw new Unreadable(`there is no section [${SECTION}]`);
    const raw = new Map([...(sections.get(DEFAULTS) ?? []), ...own]);
    return { ok: true, values: new Map([...raw].map(([key, value]) => [key, interpolate(value, raw)])) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, problem: { message: error.message, ...defined({ remedy: error.remedy }) } };
  }
}

function readSections(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let lastKey: string | undefined;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    if (/^\s/.test(line) && section !== undefined && lastKey !== undefined) {
      section.set(lastKey, `${section.get(lastKey) ?? ''}\n${trimmed}`);
      continue;
    }
    const header = /^\[(.+)\]/.exec(trimmed)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) throw new Unreadable(`line ${index + 1}: [${header}] appears twice`);
      section = new Map();
      sections.set(header, section);
      lastKey = undefined;
      continue;
    }
    const [, key, value] = /^(.*?)\s*[=:]\s*(.*)$/.exec(trimmed) ?? [];
    if (section === undefined || key === undefined || key === '' || value === undefined) {
      throw new Unreadable(`line ${index + 1} is neither [section] nor key = value`);
    }
    lastKey = key.toLowerCase();
    if (section.has(lastKey)) throw new Unreadable(`line ${index + 1}: ${lastKey} is set twice`);
    section.set(lastKey, value);
  }
  return sections;
}

function interpolate(value: string, values: ReadonlyMap<string, string>, depth = 1): string {
  return value.replaceAll(/%(%|\(([^)]*)\)s)?/g, (_, escape: string | undefined, key: string | undefined) => {
    if (escape === '%') return '%';
    const referred = key === undefined ? undefined : values.get(key.toLowerCase());
    if (referred === undefined || depth > MAXIMUM_DEPTH) {
      throw new Unreadable('a value has a % that Python cannot read either', { remedy: 'write %% for it' });
    }
    return interpolate(referred, values, depth + 1);
  });
}
