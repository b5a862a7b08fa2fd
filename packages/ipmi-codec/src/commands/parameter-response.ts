import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { DataCodec } from './command.ts';

/** One parameter of LAN, PEF or System Info. */
export interface ParameterResponse {
  /** 1 byte: bits 7:4 the present revision of the parameter's form, 3:0 the oldest that it is compatible with. */
  readonly revision: number;
  /** As long as the parameter; empty when only the revision was asked for. */
  readonly parameterData: Uint8Array;
}

/** Revision 1, compatible with revision 1: that of every parameter in IPMI 2.0. */
export const PARAMETER_REVISION = 0x11;

export const parameterResponse: DataCodec<ParameterResponse> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    return { revision: reader.u8(), parameterData: reader.rest() };
  },
  encode: ({ revision, parameterData }) =>
    new ByteWriter(1 + parameterData.length).u8(revision).put(parameterData).bytes,
};
