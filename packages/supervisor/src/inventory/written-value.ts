import { parseRawValue } from './raw-value.ts';
import { scanInventory } from './scan.ts';

/** The value of a key that a section of this text sets; `undefined` when it does not, or nobody can read it. Pure. */
export function writtenValue(text: string, section: string, key: string): string | undefined {
  const sections = scanInventory(text).sections.filter(({ name }) => name === section);
  const entry = sections[0]?.entries.find((candidate) => candidate.key === key);
  const value = entry && parseRawValue(entry.raw);
  return value?.ok === true ? value.value : undefined;
}
