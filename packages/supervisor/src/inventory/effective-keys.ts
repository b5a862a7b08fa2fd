/** The keys of one section with their lines: which are known, which repeat, and how each value reads. */
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import type { Diagnostic, KeyProblem } from './diagnostic.ts';
import { fileKeys, nearestKnownKey } from './known-keys.ts';
import { parseRawValue } from './raw-value.ts';
import type { ScannedEntry, ScannedSection } from './scan.ts';

export interface KeyValue {
  readonly file?: string;
  readonly section: string;
  readonly line: number;
  /** The key as written, when the value is for another one: `password_file` for `password`. */
  readonly writtenAs?: string;
  /** Absent when the text cannot be read; `errors` says why. */
  readonly value?: string;
  readonly errors: readonly Diagnostic[];
}

export type KeyValues = ReadonlyMap<string, KeyValue>;

export interface SectionKeys {
  readonly values: KeyValues;
  /** Errors other than those of the value of a known key. */
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

const REMOVE_ONE = 'remove one of the two';

export const noKeys: SectionKeys = { values: new Map(), errors: [], warnings: [] };

/**
 * Reads the keys of one section. Of two equal keys the first counts and the second is an error.
 * `explainUnknown` may explain why an unknown key does not belong here; otherwise the nearest known key is suggested.
 */
export function readKeys(
  section: ScannedSection,
  known: readonly string[],
  explainUnknown: (key: string) => Problem | undefined = () => undefined,
): SectionKeys {
  const values = new Map<string, KeyValue>();
  const errors: Diagnostic[] = [...section.errors];
  const warnings: Diagnostic[] = [];
  const misspelt = new Map<string, KeyValue>();
  for (const entry of section.entries) {
    const at = placeOf(section, entry.line);
    if (!known.includes(entry.key)) {
      const nearest = nearestKnownKey(entry.key, known);
      const problem = explainUnknown(entry.key) ?? unknownKey(entry.key, nearest, known);
      const error = { severity: 'error', ...at, ...problem } as const;
      if (nearest === undefined || misspelt.has(nearest)) errors.push(error);
      else misspelt.set(nearest, { ...at, errors: [error] });
      continue;
    }
    const earlier = values.get(entry.key);
    if (earlier !== undefined) {
      const problem = { message: 'the key is set twice', remedy: REMOVE_ONE, see: { line: earlier.line } };
      errors.push({ severity: 'error', ...at, key: entry.key, ...problem });
      continue;
    }
    values.set(entry.key, readValue(section, entry, warnings));
  }
  // A BMC with a misspelt `adress` must not start on all addresses: `address` counts as unreadable.
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
    const problem = { message: `${plain} is set as well`, remedy: REMOVE_ONE, see: { line: one.line } };
    return [{ severity: 'error', ...placeWritten(other), key: inFile, ...problem }];
  });
}

function readValue(section: ScannedSection, entry: ScannedEntry, warnings: Diagnostic[]): KeyValue {
  const at = placeOf(section, entry.line);
  const parsed = parseRawValue(entry.raw);
  if (!parsed.ok) {
    return { ...at, errors: [{ severity: 'error', ...at, key: entry.key, ...parsed.problem }] };
  }
  if (parsed.warning !== undefined) {
    warnings.push({ severity: 'warning', ...at, key: entry.key, ...parsed.warning });
  }
  return { ...at, value: parsed.value, errors: [] };
}

type Place = Pick<KeyValue, 'file' | 'section' | 'line'>;

/** The place of a finding about a line of `section`. */
export function placeOf({ file, name }: ScannedSection, line: number): Place {
  return { ...defined({ file }), section: name, line };
}

function placeWritten({ file, section, line }: KeyValue): Place {
  return { ...defined({ file }), section, line };
}

/** Gives a problem its place: the line of the key, or that of the section header when the key is not written. */
export function locate(
  { key, ...problem }: KeyProblem,
  values: KeyValues,
  section?: ScannedSection,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  const written = values.get(key);
  const place = written === undefined ? section && placeOf(section, section.line) : placeWritten(written);
  return { severity, ...place, key: written?.writtenAs ?? key, ...problem };
}

/** Leaves out the problems of keys whose text could not be read: they only follow from that. */
export function locateAll(
  problems: readonly KeyProblem[],
  values: KeyValues,
  section?: ScannedSection,
  severity?: Diagnostic['severity'],
): Diagnostic[] {
  return problems
    .filter(({ key }) => (values.get(key)?.errors.length ?? 0) === 0)
    .map((problem) => locate(problem, values, section, severity));
}

/** The texts of the keys that could be read. */
export function texts(values: KeyValues): [string, string][] {
  return [...values].flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]]));
}

/** The errors of the keys that could not be read. */
export function unreadable(values: KeyValues): Diagnostic[] {
  return [...values.values()].flatMap(({ errors }) => errors);
}

function unknownKey(key: string, nearest: string | undefined, known: readonly string[]): Problem {
  const remedy = nearest === undefined ? `the keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return { message: `unknown key ${key}`, remedy };
}
