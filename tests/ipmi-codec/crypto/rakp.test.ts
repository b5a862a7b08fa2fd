import fc from 'fast-check';
import {
  codesEqual,
  rakpMessage2Code,
  rakpMessage3Code,
  rakpMessage4Value,
  sessionIntegrityKey,
  type RakpAlgorithm,
  type RakpExchange,
} from '@vbmc/ipmi-codec';
import { toHex } from '#support/hex.ts';

const algorithms: readonly [RakpAlgorithm, number, number][] = [
  ['rakpHmacSha1', 20, 12],
  ['rakpHmacSha256', 32, 16],
];

const exchange: RakpExchange = {
  remoteConsoleSessionId: 1,
  managedSystemSessionId: 2,
  remoteConsoleRandomNumber: new Uint8Array(16).fill(3),
  managedSystemRandomNumber: new Uint8Array(16).fill(4),
  managedSystemGuid: new Uint8Array(16).fill(5),
  role: 0x14,
  userName: Uint8Array.of(6),
};

const changes: Readonly<Record<keyof RakpExchange, Partial<RakpExchange>>> = {
  remoteConsoleSessionId: { remoteConsoleSessionId: 0x100 },
  managedSystemSessionId: { managedSystemSessionId: 0x200 },
  remoteConsoleRandomNumber: { remoteConsoleRandomNumber: new Uint8Array(16) },
  managedSystemRandomNumber: { managedSystemRandomNumber: new Uint8Array(16) },
  managedSystemGuid: { managedSystemGuid: new Uint8Array(16) },
  role: { role: 0x04 },
  userName: { userName: Uint8Array.of(6, 0) },
};

type Field = keyof RakpExchange;
/** The inputs of each code by v2.0§13.31. A field that is not listed must not change the code. */
const fieldsOf = new Map<
  (algorithm: RakpAlgorithm, key: Uint8Array, exchange: RakpExchange) => Uint8Array,
  readonly Field[]
>([
  [rakpMessage2Code, Object.keys(changes) as Field[]],
  [rakpMessage3Code, ['managedSystemRandomNumber', 'remoteConsoleSessionId', 'role', 'userName']],
  [sessionIntegrityKey, ['remoteConsoleRandomNumber', 'managedSystemRandomNumber', 'role', 'userName']],
  [rakpMessage4Value, ['remoteConsoleRandomNumber', 'managedSystemSessionId', 'managedSystemGuid']],
]);

describe.each(algorithms)('%s', (algorithm, digestLength, valueLength) => {
  const key = Uint8Array.of(9, 9, 9);

  it('has codes of its digest’s length, and a shorter one in RAKP Message 4', () => {
    for (const code of fieldsOf.keys()) {
      const expected = code === rakpMessage4Value ? valueLength : digestLength;
      expect(code(algorithm, key, exchange)).toHaveLength(expected);
    }
  });

  it('mixes exactly the specified fields into each code', () => {
    for (const [code, fields] of fieldsOf) {
      const plain = toHex(code(algorithm, key, exchange));
      const mixed = (Object.keys(changes) as Field[]).filter(
        (field) => toHex(code(algorithm, key, { ...exchange, ...changes[field] })) !== plain,
      );
      expect(mixed.toSorted()).toEqual([...fields].sort());
    }
  });

  it('treats a password like one padded with zeros to 20 bytes', () => {
    const padded = new Uint8Array(20);
    padded.set(key);
    expect(rakpMessage2Code(algorithm, padded, exchange)).toEqual(rakpMessage2Code(algorithm, key, exchange));
  });
});

describe('RAKP-none', () => {
  it('has empty codes and no key', () => {
    for (const code of fieldsOf.keys()) expect(code('none', Uint8Array.of(9), exchange)).toHaveLength(0);
  });
});

describe('codesEqual', () => {
  it('compares bytes, and is false for different lengths', () => {
    const code = fc.uint8Array({ maxLength: 3 });
    fc.assert(
      fc.property(code, code, (a, b) => {
        expect(codesEqual(a, b)).toBe(toHex(a) === toHex(b));
        expect(codesEqual(a, a.slice())).toBe(true);
      }),
    );
  });
});
