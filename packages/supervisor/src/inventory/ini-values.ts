/**
 * The only importer of `ini`. By default `ini` nests sections at dots, cuts values at `;` and `#` and turns `true` into a
 * boolean, so each value is quoted in a form that it returns verbatim.
 */
import ini from 'ini';

/** Reads one section through `ini`; the record has the same texts as `entries`. */
export function readIniSection(
  name: string,
  entries: Iterable<readonly [key: string, value: string]>,
): Record<string, string> {
  // One document per section, so that names that differ only in escapes cannot collide inside `ini`.
  const lines = [`[${quoteSectionName(name)}]`];
  for (const [key, value] of entries) lines.push(`${key} = ${quote(value)}`);
  const section = ini.parse(lines.join('\n'))[name] as Record<string, unknown>;
  // `true`, `false` and `null` come back as values of those types, even from quotes.
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, String(value)]));
}

function quoteSectionName(name: string): string {
  return quote(name.replaceAll('.', '\\.')).replaceAll(']', '\\u005d');
}

/** U+2028 and U+2029 end a line for the dot in the patterns of `ini`, and with it the value. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
