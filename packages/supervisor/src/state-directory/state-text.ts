/** The text of a file in the state directory: JSON with a version and an object with a field for each BMC. Pure. */
import { isRecord } from '../text/records.ts';

export interface StateText {
  /** All fields of the file. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Each BMC's, by its name. */
  readonly bmcs: readonly (readonly [name: string, value: unknown])[];
}

export function renderState(
  fields: Readonly<Record<string, unknown>>,
  bmcs: ReadonlyMap<string, unknown>,
): string {
  return `${JSON.stringify({ version: 1, ...fields, bmcs: Object.fromEntries(bmcs) }, null, 2)}\n`;
}

/** `undefined`: it is no such text. */
export function parseState(text: string): StateText | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(fields) || fields['version'] !== 1 || !isRecord(fields['bmcs'])) return undefined;
  return { fields, bmcs: Object.entries(fields['bmcs']) };
}
