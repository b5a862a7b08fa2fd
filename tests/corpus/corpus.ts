import { readFileSync } from 'node:fs';
import type { SiegeSettings, Step } from '../fuzz/siege-step.ts';
import { fromHex, toHex } from '#support/hex.ts';

/** Kept because it once broke something, here or elsewhere, or goes where few go. `why` says which. */
interface Entry {
  readonly why: string;
}

/** A whole datagram, for the endpoint in every phase of a session and for every decoder. */
export interface CorpusDatagram extends Entry {
  readonly datagram: Uint8Array;
}

/** Bytes for one decoder, by its name in `tests/fuzz/decoders.ts`. */
export interface CorpusInput extends Entry {
  readonly decoder: string;
  readonly input: Uint8Array;
}

/** A sequence of steps against a BMC, as `tests/fuzz/siege.ts` carries it out. */
export interface CorpusSiege extends Entry {
  readonly settings: SiegeSettings;
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
export const corpusSieges = read('sieges.json') as readonly CorpusSiege[];

function withHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(withHex);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withHex(field)]));
}

/** An entry as its file has it. */
export function corpusJson(entry: CorpusDatagram | CorpusInput | CorpusSiege): string {
  return JSON.stringify(withHex(entry), undefined, 2);
}
