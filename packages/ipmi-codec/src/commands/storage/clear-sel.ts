import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { DecodeError } from '../../bytes/decode-error.ts';
import type { Command } from '../command.ts';

/** 'C', 'L', 'R': so that no stray request erases anything. */
const signatureBytes = [0x43, 0x4c, 0x52] as const;
const actions = { 0x00: 'getStatus', 0xaa: 'initiate' } as const;
const codes = { getStatus: 0x00, initiate: 0xaa } as const;

export interface ClearSelRequest {
  /** 2 bytes. */
  readonly reservationId: number;
  /** 1 byte after the signature: AAh initiate, 00h tell how far it is. */
  readonly action: keyof typeof codes;
}

export interface SelErasure {
  /** 1 byte, bits 3:0: 0 under way, 1 completed. */
  readonly progress: number;
}

/** v2.0§31.9 table 31-9. Request 6 bytes, response 1 byte. */
export const clearSel: Command<ClearSelRequest, SelErasure> = {
  name: 'Clear SEL',
  netFn: 'storage',
  code: 0x47,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const reservationId = reader.u16();
      const signature = reader.take(signatureBytes.length);
      const code = reader.u8();
      reader.end();
      if (signatureBytes.some((byte, index) => signature[index] !== byte))
        throw new DecodeError('invalidField', 'no CLR');
      if (code !== 0x00 && code !== 0xaa)
        throw new DecodeError('invalidField', 'neither initiate nor status');
      return { reservationId, action: actions[code] };
    },
    encode: ({ reservationId, action }) =>
      new ByteWriter(6).u16(reservationId).put(Uint8Array.from(signatureBytes)).u8(codes[action]).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const progress = reader.u8() & 0x0f;
      reader.end();
      return { progress };
    },
    encode: ({ progress }) => new ByteWriter(1).u8(progress).bytes,
  },
};
