import fc from 'fast-check';
import { DecodeError } from '@vbmc/ipmi-codec';

/** Returns the decoded value or the `DecodeError`. Any other error is a bug and is rethrown. */
export function attempt<Value>(decode: () => Value): { value: Value } | { error: DecodeError } {
  try {
    return { value: decode() };
  } catch (error) {
    if (error instanceof DecodeError) return { error };
    throw error;
  }
}

export interface DecoderCase<Value> {
  readonly name: string;
  readonly arbitrary: fc.Arbitrary<Value>;
  readonly encode: (value: Value) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
  /** The length from which prefixes may decode; shorter ones must be refused. Default: no prefix may decode. */
  readonly shortest?: number;
}

/** A case without its type parameter, so that one table can hold cases of different messages. */
export interface DecoderProperties {
  readonly name: string;
  readonly holdsRoundTrip: (check: (decoded: unknown, value: unknown) => void) => void;
  readonly holdsTruncation: (check: (outcome: object, prefix: Uint8Array) => void) => void;
  readonly holdsRandomBytes: () => void;
}

export function decoderProperties<Value>(decoder: DecoderCase<Value>): DecoderProperties {
  const { name, arbitrary, encode, decode, shortest } = decoder;
  return {
    name,
    holdsRoundTrip: (check) => {
      fc.assert(
        fc.property(arbitrary, (value) => {
          check(decode(encode(value)), value);
        }),
      );
    },
    holdsTruncation: (check) => {
      fc.assert(
        fc.property(arbitrary, (value) => {
          const whole = encode(value);
          for (let length = 0; length < Math.min(whole.length, shortest ?? whole.length); length += 1) {
            const prefix = whole.subarray(0, length);
            check(
              attempt(() => decode(prefix)),
              prefix,
            );
          }
        }),
        { numRuns: 20 },
      );
    },
    holdsRandomBytes: () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
          attempt(() => decode(noise));
        }),
        { numRuns: 500 },
      );
    },
  };
}

/** Tests the three properties of every decoder. */
export function describeDecoders(cases: readonly DecoderProperties[]): void {
  describe.each(cases)('$name', ({ holdsRoundTrip, holdsTruncation, holdsRandomBytes }) => {
    it('decodes what it encodes', () => {
      holdsRoundTrip((decoded, value) => {
        expect(decoded).toEqual(value);
      });
    });

    it('refuses every truncation with a DecodeError', () => {
      holdsTruncation((outcome) => {
        expect(outcome).toHaveProperty('error');
      });
    });

    it('raises nothing but a DecodeError for random bytes', () => {
      holdsRandomBytes();
    });
  });
}
