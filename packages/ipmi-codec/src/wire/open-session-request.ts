import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import {
  ALGORITHM_PAYLOADS_LENGTH,
  readAlgorithmPayloads,
  writeAlgorithmPayloads,
  type AlgorithmNumbers,
} from './algorithm-payload.ts';
import type { HandshakeRefusal } from './handshake-refusal.ts';

/** RMCP+ Open Session Request (v2.0§13.17 table 13-9), 32 bytes: the remote console proposes a session. */
export interface OpenSessionRequest {
  /** 1 byte, chosen by the remote console; the BMC repeats it in the response. */
  readonly messageTag: number;
  /**
   * 4 bits: the highest level the remote console will ask for; 0 asks for the highest that the proposed algorithms
   * allow.
   */
  readonly requestedMaximumPrivilegeLevel: number;
  /**
   * 4 bytes, least significant first, not 0: SID_M, with which the BMC will address its packets to the remote console.
   */
  readonly remoteConsoleSessionId: number;
  /** 24 bytes: one proposal each for authentication, integrity and confidentiality. */
  readonly algorithms: AlgorithmNumbers;
}

const LENGTH = 8 + ALGORITHM_PAYLOADS_LENGTH;

export function encodeOpenSessionRequest(message: OpenSessionRequest): Uint8Array {
  return writeAlgorithmPayloads(
    new ByteWriter(LENGTH)
      .u8(message.messageTag)
      .u8(message.requestedMaximumPrivilegeLevel)
      .skip(2)
      .u32(message.remoteConsoleSessionId),
    message.algorithms,
  ).bytes;
}

/** Returns a refusal for the BMC to send if the message is cut, or if the algorithm payloads are not a valid proposal. */
export function decodeOpenSessionRequest(payload: Uint8Array): OpenSessionRequest | HandshakeRefusal {
  const reader = new ByteReader(payload);
  const messageTag = reader.u8();
  if (payload.length < LENGTH) {
    // The first 8 bytes end with the console's id.
    const remoteConsoleSessionId = payload.length < 8 ? 0 : new ByteReader(payload.subarray(4, 8)).u32();
    return { messageTag, status: 'illegalOrUnrecognizedParameter', remoteConsoleSessionId };
  }
  const requestedMaximumPrivilegeLevel = reader.u8() & 0x0f;
  reader.skip(2);
  const remoteConsoleSessionId = reader.u32();
  const algorithms = readAlgorithmPayloads(reader);
  reader.end();
  if (typeof algorithms === 'string') return { messageTag, status: algorithms, remoteConsoleSessionId };
  return { messageTag, requestedMaximumPrivilegeLevel, remoteConsoleSessionId, algorithms };
}
