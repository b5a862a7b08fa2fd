import assert from 'node:assert/strict';
import { DecodeError } from '@vbmc/ipmi-codec';
import { decoderNamed, type Decoder } from './decoders.ts';

type Outcome = { readonly value: unknown } | { readonly refused: string };

function attempt(decode: () => unknown): Outcome {
  try {
    return { value: decode() };
  } catch (error) {
    // Any other error is a bug, and passes through.
    if (!(error instanceof DecodeError)) throw error;
    return { refused: `${error.reason}: ${error.message}` };
  }
}

function byteStringsIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(byteStringsIn);
}

/** How much a decoded value may hold beyond the bytes that it was decoded from: a cipher block. */
const OWN_MEMORY = 16;
/** What stands around the bytes in the memory that they are a part of, as in Node's pooled buffers. */
const NEIGHBOURS = 48;

function inMemoryFilledWith(filler: number, bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(NEIGHBOURS + bytes.length + NEIGHBOURS).fill(filler);
  memory.set(bytes, NEIGHBOURS);
  return memory.subarray(NEIGHBOURS, NEIGHBOURS + bytes.length);
}

/** Views of the input stay inside it; whatever else was allocated is not larger than the input itself. */
function assertBounded(decoded: unknown, input: Uint8Array): void {
  for (const part of byteStringsIn(decoded)) {
    if (part.buffer === input.buffer) {
      assert.ok(part.byteOffset >= input.byteOffset, 'a view begins before the input');
      assert.ok(part.byteOffset + part.length <= input.byteOffset + input.length, 'a view ends after it');
    } else {
      assert.ok(part.length <= input.length + OWN_MEMORY, `${part.length} bytes out of ${input.length}`);
    }
  }
}

/**
 * What holds for every decoder and all bytes: nothing but a value or a `DecodeError`, the same each time and
 * whatever stands beside the bytes in memory; the bytes stay as they are; no length on the wire sizes an
 * allocation; what decodes can be encoded, and then decodes to the same.
 */
export function assertDecoderInvariants(name: string, bytes: Uint8Array): void {
  const { decode, encode } = decoderNamed(name);
  const one = inMemoryFilledWith(0x00, bytes);
  const other = inMemoryFilledWith(0xff, bytes);
  const outcome = attempt(() => decode(one));
  assert.deepEqual(
    attempt(() => decode(other)),
    outcome,
    'it depends on the bytes around the input',
  );
  assert.deepEqual(one, bytes, 'the input was changed');
  if (!('value' in outcome)) return;
  assertBounded(outcome.value, one);
  if (encode === undefined) return;
  const again = encode(outcome.value as never);
  assert.deepEqual(decode(again), outcome.value, 'what was encoded again decodes to something else');
}

/** Whether the decoder takes these bytes. */
export function takes({ decode }: Decoder, bytes: Uint8Array): boolean {
  return 'value' in attempt(() => decode(bytes));
}
