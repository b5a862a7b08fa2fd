import assert from 'node:assert/strict';
import { DecodeError } from '@vbmc/ipmi-codec';
import { decoderNamed, type Decoder } from './decoders.ts';

type Outcome = { readonly value: unknown } | { readonly refused: string };

function attempt(decode: () => unknown): Outcome {
  try {
    return { value: decode() };
  } catch (error) {
    // Any other error is a bug: let it fail the test.
    if (!(error instanceof DecodeError)) throw error;
    return { refused: `${error.reason}: ${error.message}` };
  }
}

function byteStringsIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(byteStringsIn);
}

/** A decoded value may be larger than its input by at most one cipher block, in bytes. */
const EXTRA_BYTES = 16;
/** Bytes of foreign memory before and after the input, as in Node's pooled buffers. */
const NEIGHBOURS = 48;

function inMemoryFilledWith(filler: number, bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(NEIGHBOURS + bytes.length + NEIGHBOURS).fill(filler);
  memory.set(bytes, NEIGHBOURS);
  return memory.subarray(NEIGHBOURS, NEIGHBOURS + bytes.length);
}

/** Asserts that views of the input stay inside it, and that other memory is no larger than the input and one block. */
function assertBounded(decoded: unknown, input: Uint8Array): void {
  for (const part of byteStringsIn(decoded)) {
    if (part.buffer === input.buffer) {
      assert.ok(part.byteOffset >= input.byteOffset, 'a view begins before the input');
      assert.ok(part.byteOffset + part.length <= input.byteOffset + input.length, 'a view ends after it');
    } else {
      assert.ok(part.length <= input.length + EXTRA_BYTES, `${part.length} bytes out of ${input.length}`);
    }
  }
}

/**
 * Asserts what holds for every decoder and all bytes:
 *
 * - The outcome is a value or a `DecodeError`, and does not depend on the memory around the input.
 * - The input is not changed.
 * - No length on the wire sizes an allocation.
 * - A decoded value can be encoded, and decodes to the same value again.
 */
export function assertDecoderInvariants(name: string, bytes: Uint8Array): void {
  const { decode, encode } = decoderNamed(name);
  const one = inMemoryFilledWith(0x00, bytes);
  const other = inMemoryFilledWith(0xff, bytes);
  const outcome = attempt(() => decode(one));
  assert.deepEqual(
    attempt(() => decode(other)),
    outcome,
    'the outcome depends on the bytes around the input',
  );
  assert.deepEqual(one, bytes, 'the input was changed');
  if (!('value' in outcome)) return;
  assertBounded(outcome.value, one);
  if (encode === undefined) return;
  const again = encode(outcome.value as never);
  assert.deepEqual(decode(again), outcome.value, 'the re-encoded value decodes to another value');
}

/** Whether the decoder returns a value for these bytes. */
export function accepts({ decode }: Decoder, bytes: Uint8Array): boolean {
  return 'value' in attempt(() => decode(bytes));
}
