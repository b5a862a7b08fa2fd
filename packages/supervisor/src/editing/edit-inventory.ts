/** Edits the text of an inventory. All other lines stay the same, byte for byte. Pure. */
import { parseRawValue, quoteValue } from '../inventory/raw-value.ts';
import { scanInventory, type ScannedSection } from '../inventory/scan.ts';
import { joinLines, lineEnd, splitLines, type TextLine } from './text-lines.ts';

export type Key = readonly [key: string, value: string];

const BYTE_ORDER_MARK = '\uFEFF';

/** Appends a section, with a blank line before it. */
export function addSection(text: string, name: string, keys: readonly Key[]): string {
  const lines = splitLines(text);
  const end = lineEnd(lines);
  const last = lines.at(-1);
  const finished = last?.end === '' ? end : '';
  const blank = last === undefined || isBlank(last) ? '' : end;
  return text + finished + blank + renderSection(name, keys, end);
}

/** The text that `addSection` appends for a section. */
export function renderSection(name: string, keys: readonly Key[], end = '\n'): string {
  const lines = [`[${name}]`, ...keys.map(([key, value]) => `${key} = ${writeValue(value)}`)];
  return lines.map((line) => line + end).join('');
}

/** Removes the sections that `isGone` selects, from the header to the last key; the lines around them stay. */
export function deleteSections(text: string, isGone: (name: string) => boolean): string {
  const gone = scanInventory(text).sections.filter(({ name }) => isGone(name));
  // The byte order mark belongs to the text, even if the section in its first line is removed.
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const lines = splitLines(text.slice(mark.length));
  return mark + joinLines(lines.filter((_, index) => !gone.some((section) => isWithin(section, index + 1))));
}

/** Sets a key of the section `name`: in the key's line, or in a new line after the section's last key. */
export function setKey(text: string, name: string, key: string, value: string): string {
  const section = scanInventory(text).sections.find((candidate) => candidate.name === name);
  if (section === undefined) return text;
  const lines = [...splitLines(text)];
  const written = section.entries.find((entry) => entry.key === key);
  if (written === undefined) return insertKey(lines, lastLine(section), `${key} = ${writeValue(value)}`);
  const line = lines[written.line - 1];
  if (line === undefined) return text;
  const [untilValue = ''] = /^[^=]*=[^\S\r\n]*/.exec(line.content) ?? [];
  lines[written.line - 1] = { content: untilValue + writeValue(value), end: line.end };
  return joinLines(lines);
}

function insertKey(lines: TextLine[], afterLine: number, content: string): string {
  const before = lines[afterLine - 1];
  const end = before?.end === '' ? lineEnd(lines) : (before?.end ?? '');
  if (before?.end === '') lines[afterLine - 1] = { content: before.content, end };
  // A text without a final newline still has none afterwards.
  lines.splice(afterLine, 0, { content, end: before?.end === '' ? '' : end });
  return joinLines(lines);
}

/** Quotes the value only if needed. Throws when no line can hold it. */
function writeValue(value: string): string {
  if (/[\r\n]/.test(value)) throw new RangeError('a value with line breaks cannot be written');
  const plain = parseRawValue(` ${value}`);
  const comesThrough = plain.ok && plain.value === value && plain.warning === undefined;
  return comesThrough && value !== '' ? value : quoteValue(value);
}

function isWithin(section: ScannedSection, line: number): boolean {
  return line >= section.line && line <= lastLine(section);
}

/** The line of the section's last key or error; comments after it may belong to the next section. */
function lastLine({ line, entries, errors }: ScannedSection): number {
  return Math.max(line, ...entries.map((entry) => entry.line), ...errors.map((error) => error.line ?? 0));
}

function isBlank({ content }: TextLine): boolean {
  return content.replace(BYTE_ORDER_MARK, '').trim() === '';
}
