/** Writes VirtualBMC's file for one BMC as Python's ConfigParser does, and edits it. Pure. */
import { readConfigFile } from '../virtualbmc/config-file.ts';
import type { Key } from './edit-inventory.ts';
import { joinLines, lineEnd, splitLines } from './text-lines.ts';

/** A text that ConfigParser reads as these keys; `undefined` when it cannot hold one of the values. */
export function renderConfig(keys: readonly Key[]): string | undefined {
  // ConfigParser removes white space around a value, and takes the next line for another key.
  if (keys.some(([, value]) => value !== value.trim() || /[\r\n]/.test(value))) return undefined;
  const lines = keys.map(([key, value]) => `${key} = ${value.replaceAll('%', '%%')}\n`);
  return `[VirtualBMC]\n${lines.join('')}\n`;
}

/** The text with another `active`; every other line stays. `undefined` when it cannot be read, or the key has several lines. */
export function withActive(text: string, active: boolean): string | undefined {
  const config = readConfigFile(text);
  const section = config.ok ? config.sections.find(({ name }) => name === 'VirtualBMC') : undefined;
  if (section === undefined) return undefined;
  const lines = [...splitLines(text)];
  const own = section.own.get('active');
  if (own?.written.includes('\n') === true) return undefined;
  const line = lines[(own ?? section).line - 1];
  if (line === undefined) return undefined;
  // A key that is indented less than the next one would take it for the rest of its value.
  const [first] = own === undefined ? section.own.values() : [own];
  const indent = /^\s*/.exec(lines[(first?.line ?? 0) - 1]?.content ?? '')?.[0] ?? '';
  const content = `${indent}active = ${active ? 'True' : 'False'}`;
  if (own === undefined) {
    const end = line.end === '' ? lineEnd(lines) : line.end;
    lines.splice(section.line - 1, 1, { content: line.content, end }, { content, end: line.end });
  } else lines[own.line - 1] = { content, end: line.end };
  return joinLines(lines);
}
