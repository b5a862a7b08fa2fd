/** One section's keys with their lines: which are known, which repeat, and what each value reads as. */
import type { Diagnostic } from './diagnostic.ts';
import { fileKeys, nearestKnownKey } from './known-keys.ts';
import { parseRawValue } from './raw-value.ts';
import type { ScannedEntry, ScannedSection } from './scan.ts';

export interface KeyValue {
  readonly file?: string;
  readonly section: string;
  readonly line: number;
  /** The key as it stands in the file, where that is not the one that the value is for: `password_file`. */
  readonly writtenAs?: string;
  /** Absent when the text cannot be read; `errors` says why. */
  readonly value?: string;
  readonly errors: readonly Diagnostic[];
}

export type KeyValues = ReadonlyMap<string, KeyValue>;

export interface SectionKeys {
  readonly values: KeyValues;
  /** Errors that do not belong to the value of a known key. */
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

export const noKeys: SectionKeys = { values: new Map(), errors: [], warnings: [] };

/**
 * Reads the keys of one section; the first of two equal keys keeps its place, the second is an error.
 * `explainUnknown` knows better than the nearest known key why some of them do not belong here.
 */
export function readKeys(
  section: ScannedSection,
  known: readonly string[],
  explainUnknown: (key: string) => string | undefined = () => undefined,
): SectionKeys {
  const values = new Map<string, KeyValue>();
  const errors: Diagnostic[] = [...section.errors];
  const warnings: Diagnostic[] = [];
  const misspelt = new Map<string, KeyValue>();
  for (const entry of section.entries) {
    const at = placeOf(section, entry.line);
    if (!known.includes(entry.key)) {
      const nearest = nearestKnownKey(entry.key, known);
      const message = explainUnknown(entry.key) ?? unknownKey(entry.key, nearest, known);
      const error = { severity: 'error', ...at, message } as const;
      if (nearest === undefined || misspelt.has(nearest)) errors.push(error);
      else misspelt.set(nearest, { ...at, errors: [error] });
      continue;
    }
    const earlier = values.get(entry.key);
    if (earlier !== undefined) {
      const message = `the key is set twice, first in line ${earlier.line}: remove one of the two`;
      errors.push({ severity: 'error', ...at, key: entry.key, message });
      continue;
    }
    values.set(entry.key, readValue(section, entry, warnings));
  }
  // A BMC whose `adress` was overlooked must not come up on all addresses: the key counts as unreadable.
  for (const [key, value] of misspelt) {
    if (values.has(key)) errors.push(...value.errors);
    else values.set(key, value);
  }
  return { values, errors: [...errors, ...bothForms(values)], warnings };
}

/** Later layers win over earlier ones; a `password` wins over an earlier `password_file` and the reverse. */
export function layered(...layers: readonly KeyValues[]): KeyValues {
  const merged = new Map<string, KeyValue>();
  for (const layer of layers) {
    for (const [plain, inFile] of fileKeys) {
      if (!layer.has(plain) && !layer.has(inFile)) continue;
      merged.delete(plain);
      merged.delete(inFile);
    }
    for (const [key, value] of layer) merged.set(key, value);
  }
  return merged;
}

function bothForms(values: KeyValues): Diagnostic[] {
  return [...fileKeys].flatMap(([plain, inFile]): Diagnostic[] => {
    const [one, other] = [values.get(plain), values.get(inFile)];
    if (one?.value === undefined || other?.value === undefined) return [];
    const message = `${plain} is set as well, in line ${one.line}: remove one of the two`;
    return [{ severity: 'error', ...place(other), key: inFile, message }];
  });
}

function readValue(section: ScannedSection, entry: ScannedEntry, warnings: Diagnostic[]): KeyValue {
  const at = placeOf(section, entry.line);
  const parsed = parseRawValue(entry.raw);
  if (!parsed.ok) {
    return { ...at, errors: [{ severity: 'error', ...at, key: entry.key, message: parsed.error }] };
  }
  if (parsed.warning !== undefined) {
    warnings.push({ severity: 'warning', ...at, key: entry.key, message: parsed.warning });
  }
  return { ...at, value: parsed.value, errors: [] };
}

type Place = Pick<KeyValue, 'file' | 'section' | 'line'>;

/** Where a finding about a line of `section` is. */
export function placeOf({ file, name }: ScannedSection, line: number): Place {
  return { ...(file !== undefined && { file }), section: name, line };
}

function place({ file, section, line }: KeyValue): Place {
  return { ...(file !== undefined && { file }), section, line };
}

function unknownKey(key: string, nearest: string | undefined, known: readonly string[]): string {
  const remedy = nearest === undefined ? `the keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `unknown key ${key}: ${remedy}`;
}
