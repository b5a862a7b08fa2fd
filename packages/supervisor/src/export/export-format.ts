/** What a format is: text made of BMCs, and what the reader of that text should know. */
import type { ExportedBmc } from './exported-bmc.ts';

export interface Note {
  /** The BMC that it is about. */
  readonly name: string;
  readonly text: string;
}

export interface Rendered {
  readonly text: string;
  /** What the receiving system will miss, or gets otherwise than it stands in the inventory. */
  readonly notes: readonly Note[];
}

/** `only`: it is JSON; `also`: another syntax unless JSON is asked for; `never`: it has no JSON. */
export type JsonSyntax = 'only' | 'also' | 'never';

export interface ExportFormat {
  readonly description: string;
  readonly json: JsonSyntax;
  /** What becomes of a password that may not be shown. */
  readonly hiddenPassword: 'leftOut' | 'placeholder';
  readonly render: (bmcs: readonly ExportedBmc[], asJson: boolean) => Rendered;
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** More names than these make no line clearer. */
const NAMES_SHOWN = 5;

/** One line for each text, with the BMCs that it is about. */
export function summarizeNotes(notes: readonly Note[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, text } of notes) names.set(text, [...(names.get(text) ?? []), name]);
  return [...names].map(([text, about]) => {
    const further = about.length - NAMES_SHOWN;
    return `${about.slice(0, NAMES_SHOWN).join(', ')}${further > 0 ? ` and ${further} more` : ''}: ${text}`;
  });
}
