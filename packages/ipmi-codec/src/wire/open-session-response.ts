import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { DecodeError } from '../bytes/decode-error.ts';
import { rmcpPlusStatusCode } from '../terms/rmcp-plus-status-code.ts';
import {
  ALGORITHM_PAYLOADS_LENGTH,
  readAlgorithmPayloads,
  writeAlgorithmPayloads,
  type AlgorithmNumbers,
} from './algorithm-payload.ts';
import { readHandshakeAnswer, type HandshakeRefusal } from './handshake-refusal.ts';

/** RMCP+ Open Session Response that accepts (v2.0§13.18 table 13-10), 36 bytes. */
export interface OpenSessionResponse {
  /** 1 byte, copied from the request. */
  readonly messageTag: number;
  readonly status: 'noErrors';
  /** 4 bits: the highest level that the BMC allows for the session before it knows the user. */
  readonly maximumPrivilegeLevel: number;
  /** 4 bytes, least significant first: SID_M, copied from the request. */
  readonly remoteConsoleSessionId: number;
  /**
   * 4 bytes, least significant first, not 0: SID_C, which the BMC chose; the remote console names the session by it.
   */
  readonly managedSystemSessionId: number;
  /** 24 bytes: the algorithms of the cipher suite that the BMC selected. */
  readonly algorithms: AlgorithmNumbers;
}

export function encodeOpenSessionResponse(message: OpenSessionResponse): Uint8Array {
  return writeAlgorithmPayloads(
    new ByteWriter(12 + ALGORITHM_PAYLOADS_LENGTH)
      .u8(message.messageTag)
      .u8(rmcpPlusStatusCode[message.status])
      .u8(message.maximumPrivilegeLevel)
      .skip(1)
      .u32(message.remoteConsoleSessionId)
      .u32(message.managedSystemSessionId),
    message.algorithms,
  ).bytes;
}

export function decodeOpenSessionResponse(payload: Uint8Array): OpenSessionResponse | HandshakeRefusal {
  const reader = new ByteReader(payload);
  const { messageTag, status, maximumPrivilegeLevel, remoteConsoleSessionId } = readHandshakeAnswer(reader);
  if (status !== 'noErrors') return { messageTag, status, remoteConsoleSessionId };
  const managedSystemSessionId = reader.u32();
  const algorithms = readAlgorithmPayloads(reader);
  reader.end();
  if (typeof algorithms === 'string') throw new DecodeError('invalidField', `algorithms: ${algorithms}`);
  return {
    messageTag,
    status,
    maximumPrivilegeLevel,
    remoteConsoleSessionId,
    managedSystemSessionId,
    algorithms,
  };
}
