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

/** Something of the codec that reads bytes off the network. */
export interface Decoder {
  readonly name: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Makes bytes of a decoded value again; what it makes has to decode to the same. */
  readonly encode?: (value: never) => Uint8Array;
}

const exported = Object.entries<unknown>(codec);

function isFunction(value: unknown): value is (...args: readonly never[]) => unknown {
  return typeof value === 'function';
}

function isDataCodec(value: unknown): value is codec.DataCodec<unknown> {
  return typeof value === 'object' && value !== null && 'decode' in value && 'encode' in value;
}

/** `decodeX` beside `encodeX`; packets whose encoder wants more than the value have none. */
function encoderOf(name: string): Pick<Decoder, 'encode'> {
  const encode = (codec as Readonly<Record<string, unknown>>)[name.replace(/^decode/, 'encode')];
  return isFunction(encode) && encode.length === 1
    ? { encode: encode as unknown as (value: never) => Uint8Array }
    : {};
}

/** What decodes to a refusal as well, which has another encoder. */
const mayBeRefusals = new Set([
  'decodeOpenSessionRequest',
  'decodeOpenSessionResponse',
  'decodeRakpMessage2',
  'decodeRakpMessage4',
]);

/** Keys that are no secret, for what only keys can open. */
export const fuzzedSecurities: readonly SessionSecurityV20[] = Object.values(cipherSuites).map(
  ({ id }) => new SessionSecurityV20(id, new Uint8Array(32).fill(id)),
);

const securityV15 = new SessionSecurityV15(new Uint8Array(16));

/** Decoders that take more than bytes: here with everything else that they can be given. */
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

/** Every decoder that the codec exports: one that is added there cannot be forgotten here. */
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
  if (decoder === undefined) throw new Error(`there is no decoder ${name}`);
  return decoder;
}

/** Names of what the codec exports and reads bytes with, found without the table above. */
export const exportedReaders: readonly string[] = exported
  .filter(([name, value]) => (isFunction(value) ? /^(decode|open|read)[A-Z]/.test(name) : isDataCodec(value)))
  .map(([name]) => name);
