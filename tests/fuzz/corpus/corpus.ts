import { readFileSync } from 'node:fs';
import type { ScenarioSettings, Step } from '../scenario-step.ts';
import { fromHex, toHex } from '#support/hex.ts';

/** `why` says what the entry once broke, here or in another BMC, or which rare path it takes. */
interface Entry {
  readonly why: string;
}

/** A whole datagram. The tests send it in every phase of a session, and give it to every decoder. */
export interface CorpusDatagram extends Entry {
  readonly datagram: Uint8Array;
}

/** Bytes for one decoder; `decoder` is its name in `tests/fuzz/decoders.ts`. */
export interface CorpusInput extends Entry {
  readonly decoder: string;
  readonly input: Uint8Array;
}

/** A sequence of steps against a BMC, run by `tests/fuzz/scenario.ts`. */
export interface CorpusScenario extends Entry {
  readonly settings: ScenarioSettings;
  readonly steps: readonly Step[];
}

function isHex(value: unknown): value is { readonly hex: string } {
  return typeof value === 'object' && value !== null && 'hex' in value && typeof value.hex === 'string';
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'), (_key, value: unknown) =>
    isHex(value) ? fromHex(value.hex.replaceAll(' ', '')) : value,
  );
}

export const corpusDatagrams = read('datagrams.json') as readonly CorpusDatagram[];
export const corpusInputs = read('decoder-inputs.json') as readonly CorpusInput[];
export const corpusScenarios = read('scenarios.json') as readonly CorpusScenario[];

function withHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(withHex);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withHex(field)]));
}

/** An entry in the JSON form of its file. */
export function corpusJson(entry: CorpusDatagram | CorpusInput | CorpusScenario): string {
  return JSON.stringify(withHex(entry), undefined, 2);
}
