/**
 * Reads a file of VirtualBMC, `~/.vbmc/DOMAIN/config` or `virtualbmc.conf`, by the rules of Python's ConfigParser, which
 * wrote it: keys in lower case, `=` or `:`, comments on separate lines, indented lines continue a value, `%%` means `%` and
 * `%(key)s` the value of another key. Pure. The time it takes grows with the length of the text, whatever is in it.
 */
import type { Problem } from '../text/problem.ts';

export interface ConfigValue {
  /** 1-based. */
  readonly line: number;
  /** As written: what `%` means is not decided yet. Holds a line break when the value has several lines. */
  readonly written: string;
}

export interface ConfigSection {
  readonly name: string;
  /** Of the header, 1-based. */
  readonly line: number;
  readonly own: ReadonlyMap<string, ConfigValue>;
  /** Its own keys, and those of `[DEFAULT]` that it does not set. */
  readonly values: ReadonlyMap<string, ConfigValue>;
}

export interface ConfigProblem extends Problem {
  readonly line: number;
}

export type ConfigFile =
  | { readonly ok: true; readonly sections: readonly ConfigSection[] }
  | { readonly ok: false; readonly problem: ConfigProblem };

export type ConfigText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: ConfigProblem };

const DEFAULTS = 'DEFAULT';
/** ConfigParser's own limit for values that refer to other values. */
const MAXIMUM_DEPTH = 10;
/** Values that each refer to the next one twice would otherwise become longer than any memory. */
const MOST_CHARACTERS_REFERRED_TO = 4_096;

interface OpenSection {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, ConfigValue>;
}

/** What is known while the lines are read one after the other. */
interface Reading {
  readonly sections: Map<string, OpenSection>;
  section?: OpenSection;
  /** The key whose value an indented line continues, and how far that key is indented itself. */
  lastKey?: { readonly name: string; readonly indent: number };
}

export function readConfigFile(text: string): ConfigFile {
  const reading: Reading = { sections: new Map() };
  for (const [index, content] of text.split(/\r\n|\n|\r/).entries()) {
    const problem = readLine(content, index + 1, reading);
    if (problem !== undefined) return { ok: false, problem: { line: index + 1, ...problem } };
  }
  const defaults = reading.sections.get(DEFAULTS)?.values ?? new Map<string, ConfigValue>();
  const sections = [...reading.sections.values()].filter(({ name }) => name !== DEFAULTS);
  return {
    ok: true,
    sections: sections.map(({ name, line, values: own }) => {
      return { name, line, own, values: new Map([...defaults, ...own]) };
    }),
  };
}

function readLine(content: string, line: number, reading: Reading): Problem | undefined {
  const trimmed = content.trim();
  if (trimmed === '' || /^[#;]/.test(trimmed)) return undefined;
  const { section, lastKey } = reading;
  const indent = content.length - content.trimStart().length;
  if (section !== undefined && lastKey !== undefined && indent > lastKey.indent) {
    const value = section.values.get(lastKey.name);
    if (value !== undefined) {
      section.values.set(lastKey.name, { ...value, written: `${value.written}\n${trimmed}` });
    }
    return undefined;
  }
  const header = /^\[(.+)\]/.exec(trimmed)?.[1];
  return header === undefined ? readKey(trimmed, indent, line, reading) : openSection(header, line, reading);
}

function openSection(name: string, line: number, reading: Reading): Problem | undefined {
  if (reading.sections.has(name)) return { message: 'the section appears twice', remedy: 'remove one' };
  reading.section = { name, line, values: new Map() };
  reading.sections.set(name, reading.section);
  delete reading.lastKey;
  return undefined;
}

function readKey(trimmed: string, indent: number, line: number, reading: Reading): Problem | undefined {
  const separator = trimmed.search(/[=:]/);
  const name = trimmed.slice(0, separator).trimEnd().toLowerCase();
  if (reading.section === undefined || separator < 0 || name === '') {
    return { message: 'the line is neither [section] nor key = value' };
  }
  const { values } = reading.section;
  if (values.has(name)) return { message: `${name} is set twice`, remedy: 'remove one of the two' };
  values.set(name, { line, written: trimmed.slice(separator + 1).trimStart() });
  reading.lastKey = { name, indent };
  return undefined;
}

/** The value of a key, with what it refers to; `undefined` when the section does not have the key. */
export function configText({ values }: ConfigSection, key: string): ConfigText | undefined {
  const value = values.get(key);
  if (value === undefined) return undefined;
  const text = new References(values).resolve(value.written, 1);
  if (text !== undefined) return { ok: true, text };
  const message = 'the value has a % that Python cannot read either';
  return { ok: false, problem: { line: value.line, message, remedy: 'write %% for it' } };
}

class References {
  readonly #values: ReadonlyMap<string, ConfigValue>;
  #left = MOST_CHARACTERS_REFERRED_TO;

  constructor(values: ReadonlyMap<string, ConfigValue>) {
    this.#values = values;
  }

  /** `undefined` when a reference cannot be followed. */
  resolve(written: string, depth: number): string | undefined {
    const parts: string[] = [];
    let from = 0;
    for (const found of written.matchAll(/%(?:%|\(([^)]{0,100})\)s)?/g)) {
      const part = this.#part(found, depth);
      if (part === undefined) return undefined;
      parts.push(written.slice(from, found.index), part);
      from = found.index + found[0].length;
    }
    return parts.join('') + written.slice(from);
  }

  #part([found, key]: RegExpMatchArray, depth: number): string | undefined {
    if (found === '%%') return '%';
    const referred = key === undefined ? undefined : this.#values.get(key.toLowerCase());
    if (referred === undefined || depth > MAXIMUM_DEPTH) return undefined;
    this.#left -= referred.written.length + 1;
    return this.#left < 0 ? undefined : this.resolve(referred.written, depth + 1);
  }
}
