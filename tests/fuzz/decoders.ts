import * as codec from '@vbmc/ipmi-codec';
import {
  cipherSuites,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  openSessionPacketV15,
  openSessionPacketV20,
  SessionSecurityV15,
  SessionSecurityV20,
} from '@vbmc/ipmi-codec';
import { allCommands } from '#support/all-commands.ts';

/** A part of the codec that reads bytes from the network. */
export interface Decoder {
  readonly name: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Encodes a decoded value again; the bytes must decode to the same value. */
  readonly encode?: (value: never) => Uint8Array;
}

const exported = Object.entries<unknown>(codec);

function isFunction(value: unknown): value is (...args: readonly never[]) => unknown {
  return typeof value === 'function';
}

function isDataCodec(value: unknown): value is codec.DataCodec<unknown> {
  return typeof value === 'object' && value !== null && 'decode' in value && 'encode' in value;
}

/** The `encodeX` that belongs to `decodeX`, unless it needs more than the value. */
function encoderOf(name: string): Pick<Decoder, 'encode'> {
  const encode = (codec as Readonly<Record<string, unknown>>)[name.replace(/^decode/, 'encode')];
  return isFunction(encode) && encode.length === 1
    ? { encode: encode as unknown as (value: never) => Uint8Array }
    : {};
}

/** Decoders that may also return a refusal, which has an encoder of its own. */
const mayBeRefusals = new Set([
  'decodeOpenSessionRequest',
  'decodeOpenSessionResponse',
  'decodeRakpMessage1',
  'decodeRakpMessage2',
  'decodeRakpMessage4',
]);

/** Test keys, for the decoders that need keys. */
export const fuzzedSecurities: readonly SessionSecurityV20[] = Object.values(cipherSuites).map(
  ({ id }) => new SessionSecurityV20(id, new Uint8Array(32).fill(id)),
);

const securityV15 = new SessionSecurityV15(new Uint8Array(16));

/** Decoders that take more arguments than the bytes, with fixed values for those arguments. */
const withParameters: readonly Decoder[] = [
  ...[12, 16, 20].map((length) => ({
    name: `decodeSessionTrailer with ${length} bytes of code`,
    decode: (bytes: Uint8Array) => codec.decodeSessionTrailer(bytes, length),
  })),
  {
    name: 'readAlgorithmPayloads',
    decode: (bytes) => codec.readAlgorithmPayloads(new codec.ByteReader(bytes)),
  },
  {
    name: 'readHandshakeAnswer',
    decode: (bytes) => codec.readHandshakeAnswer(new codec.ByteReader(bytes)),
  },
  {
    name: 'openSessionPacketV15',
    decode: (bytes) => openSessionPacketV15(securityV15, decodeSessionPacketV15(bytes)),
  },
  ...fuzzedSecurities.flatMap((security) => [
    {
      name: `decrypt with suite ${security.cipherSuiteId}`,
      decode: (bytes: Uint8Array) => security.decrypt(bytes),
    },
    {
      name: `openSessionPacketV20 with suite ${security.cipherSuiteId}`,
      decode: (bytes: Uint8Array) => openSessionPacketV20(security, bytes, decodeSessionPacketV20(bytes)),
    },
  ]),
];

/** Every decoder that the codec exports, found by name so that a new one is fuzzed automatically. */
export const decoders: readonly Decoder[] = [
  ...exported.flatMap(([name, value]): Decoder[] => {
    if (isDataCodec(value)) return [{ name, decode: value.decode, encode: value.encode }];
    if (!/^decode[A-Z]/.test(name) || !isFunction(value) || value.length !== 1) return [];
    const decode = value as unknown as Decoder['decode'];
    return [{ name, decode, ...(mayBeRefusals.has(name) ? {} : encoderOf(name)) }];
  }),
  ...allCommands.flatMap(({ name, request, response }): Decoder[] => [
    { name: `${name} request`, decode: request.decode, encode: request.encode },
    { name: `${name} response`, decode: response.decode, encode: response.encode },
  ]),
  ...withParameters,
];

export function decoderNamed(name: string): Decoder {
  const decoder = decoders.find((candidate) => candidate.name === name);
  if (decoder === undefined) throw new Error(`no decoder named ${name}`);
  return decoder;
}

/** The names of all exports that read bytes, found independently of the table above. */
export const exportedReaders: readonly string[] = exported
  .filter(([name, value]) => (isFunction(value) ? /^(decode|open|read)[A-Z]/.test(name) : isDataCodec(value)))
  .map(([name]) => name);
