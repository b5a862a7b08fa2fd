import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import {
  authenticationAlgorithm,
  confidentialityAlgorithm,
  integrityAlgorithm,
  type CipherSuite,
} from '../../terms/cipher-suite.ts';
import type { Command } from '../command.ts';

export interface GetChannelCipherSuitesRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** 6 bits; 0 means the IPMI message payload. */
  readonly payloadType: number;
  /** Byte 3, bit 7: list cipher suites instead of algorithms. */
  readonly listByCipherSuite: boolean;
  /** Byte 3, bits 5:0: which block of 16 bytes of the list. */
  readonly listIndex: number;
}

export interface GetChannelCipherSuitesResponse {
  readonly channelNumber: number;
  /** At most 16 bytes of the list; fewer than 16 are the last block. */
  readonly records: Uint8Array;
}

/** Largest number of bytes of the list in one response. */
export const CIPHER_SUITE_LIST_CHUNK = 16;

const STANDARD_SUITE = 0xc0;
const INTEGRITY_TAG = 0x40;
const CONFIDENTIALITY_TAG = 0x80;

/**
 * The whole list. Each record has a start byte, the id and one tagged byte per algorithm (v2.0§22.15.1 table 22-18).
 */
export function encodeCipherSuiteRecords(suites: readonly CipherSuite[]): Uint8Array {
  return Uint8Array.from(
    suites.flatMap((suite) => [
      STANDARD_SUITE,
      suite.id,
      authenticationAlgorithm[suite.authentication],
      INTEGRITY_TAG | integrityAlgorithm[suite.integrity],
      CONFIDENTIALITY_TAG | confidentialityAlgorithm[suite.confidentiality],
    ]),
  );
}

/** v2.0§22.15 table 22-17. Request 3 bytes, response 1 to 17. */
export const getChannelCipherSuites: Command<GetChannelCipherSuitesRequest, GetChannelCipherSuitesResponse> =
  {
    name: 'Get Channel Cipher Suites',
    netFn: 'app',
    code: 0x54,
    request: {
      decode: (data) => {
        const reader = new ByteReader(data);
        const channelNumber = reader.u8() & 0x0f;
        const payloadType = reader.u8() & 0x3f;
        const index = reader.u8();
        reader.end();
        return { channelNumber, payloadType, listByCipherSuite: bit(index, 7), listIndex: index & 0x3f };
      },
      encode: (request) =>
        new ByteWriter(3)
          .u8(request.channelNumber)
          .u8(request.payloadType)
          .u8(flag(request.listByCipherSuite, 7) | request.listIndex).bytes,
    },
    response: {
      decode: (data) => {
        const reader = new ByteReader(data);
        return { channelNumber: reader.u8(), records: reader.rest() };
      },
      encode: ({ channelNumber, records }) =>
        new ByteWriter(1 + records.length).u8(channelNumber).put(records).bytes,
    },
  };
