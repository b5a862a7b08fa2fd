import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';

/**
 * The algorithm payloads of Open Session messages (v2.0§13.17 and §13.18). Each has 8 bytes: payload type, 2 reserved,
 * length, algorithm number, 3 reserved.
 */
const payloadTypes = { authentication: 0, integrity: 1, confidentiality: 2 } as const;
const PAYLOAD_LENGTH = 8;

/**
 * Algorithm numbers from the wire, 6 bits each. The decoder accepts unknown numbers; the BMC refuses them with a
 * status.
 */
export interface AlgorithmNumbers {
  /** Undefined for a null payload (length 0), which leaves the choice to the BMC. */
  readonly authentication: number | undefined;
  readonly integrity: number | undefined;
  readonly confidentiality: number | undefined;
}

export const ALGORITHM_PAYLOADS_LENGTH = 3 * PAYLOAD_LENGTH;

const kinds = ['authentication', 'integrity', 'confidentiality'] as const;

export function writeAlgorithmPayloads(writer: ByteWriter, numbers: AlgorithmNumbers): ByteWriter {
  for (const kind of kinds) {
    const number = numbers[kind];
    writer.u8(payloadTypes[kind]).skip(2);
    if (number === undefined) writer.skip(5);
    else writer.u8(PAYLOAD_LENGTH).u8(number).skip(3);
  }
  return writer;
}

/** The status for a payload that is missing at its position (v2.0§13.24 table 13-15). */
const missing = {
  authentication: 'noMatchingAuthenticationPayload',
  integrity: 'noMatchingIntegrityPayload',
  confidentiality: 'illegalOrUnrecognizedParameter',
} as const;

/** Why complete payloads are not a valid proposal. */
export type AlgorithmPayloadProblem = (typeof missing)[keyof typeof missing] | 'invalidPayloadType';

/** Reads the three payloads in the specification's order. Returns the first problem if they are not valid. */
export function readAlgorithmPayloads(reader: ByteReader): AlgorithmNumbers | AlgorithmPayloadProblem {
  let problem: AlgorithmPayloadProblem | undefined;
  const read = (kind: (typeof kinds)[number]): number | undefined => {
    const type = reader.u8();
    reader.skip(2);
    const length = reader.u8();
    const number = reader.u8();
    reader.skip(3);
    if (type > payloadTypes.confidentiality) problem ??= 'invalidPayloadType';
    else if (type !== payloadTypes[kind]) problem ??= missing[kind];
    else if (length !== 0 && length !== PAYLOAD_LENGTH) problem ??= 'illegalOrUnrecognizedParameter';
    return length === 0 ? undefined : number & 0x3f;
  };
  const numbers = {
    authentication: read('authentication'),
    integrity: read('integrity'),
    confidentiality: read('confidentiality'),
  };
  return problem ?? numbers;
}
