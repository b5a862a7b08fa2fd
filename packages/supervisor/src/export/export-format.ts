/** A format renders BMCs as text, with notes for the operator. */
import type { ExportedBmc } from './exported-bmc.ts';

export interface Note {
  /** The BMC's. */
  readonly name: string;
  readonly text: string;
}

export interface Rendered {
  readonly text: string;
  /** What the text lacks, or has in another form than the inventory. */
  readonly notes: readonly Note[];
}

/** `only`: always JSON; `also`: JSON if the operator asks for it; `never`: no JSON. */
export type JsonSyntax = 'only' | 'also' | 'never';

export interface ExportFormat {
  readonly description: string;
  readonly json: JsonSyntax;
  /** How the format replaces a password that may not be shown. */
  readonly hiddenPassword: 'leftOut' | 'placeholder';
  readonly render: (bmcs: readonly ExportedBmc[], asJson: boolean) => Rendered;
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** More names would not make the line clearer. */
const NAMES_SHOWN = 5;

/** One line for each text, with the names of its BMCs. */
export function summarizeNotes(notes: readonly Note[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, text } of notes) names.set(text, [...(names.get(text) ?? []), name]);
  return [...names].map(([text, about]) => {
    const further = about.length - NAMES_SHOWN;
    return `${about.slice(0, NAMES_SHOWN).join(', ')}${further > 0 ? ` and ${further} more` : ''}: ${text}`;
  });
}
