import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { DecodeError } from '../../bytes/decode-error.ts';
import type { Command } from '../command.ts';

export interface GetChannelAuthenticationCapabilitiesRequest {
  /** Byte 1, bit 7: the response shall include the IPMI 2.0 data. */
  readonly ipmiV20Data: boolean;
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** 4 bits. */
  readonly requestedMaximumPrivilegeLevel: number;
}

export interface GetChannelAuthenticationCapabilitiesResponse {
  readonly channelNumber: number;
  /** Byte 3, bit 7: byte 5 holds IPMI 2.0 data. */
  readonly ipmiV20Data: boolean;
  /** Byte 3, bits 5:0: IPMI 1.5 authentication types, one bit each; 0 for none. */
  readonly authenticationTypes: number;
  /** Byte 4, bit 5: a K_g other than 0 is set. */
  readonly kgStatus: boolean;
  /** Byte 4, bit 2: users with a name exist. */
  readonly nonNullUsernames: boolean;
  /** Byte 5, bit 1. */
  readonly supportsIpmiV20: boolean;
  /** Byte 5, bit 0. */
  readonly supportsIpmiV15: boolean;
}

/** Of the channel byte. */
const RESERVED_BITS = 0x70;

/** v2.0§22.13 table 22-15. Request 2 bytes, response 8. */
export const getChannelAuthenticationCapabilities: Command<
  GetChannelAuthenticationCapabilitiesRequest,
  GetChannelAuthenticationCapabilitiesResponse
> = {
  name: 'Get Channel Authentication Capabilities',
  netFn: 'app',
  code: 0x38,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channel = reader.u8();
      const requestedMaximumPrivilegeLevel = reader.u8();
      reader.end();
      if ((channel & RESERVED_BITS) !== 0 || requestedMaximumPrivilegeLevel > 0x0f)
        throw new DecodeError('invalidField', 'reserved bits');
      return { ipmiV20Data: bit(channel, 7), channelNumber: channel & 0x0f, requestedMaximumPrivilegeLevel };
    },
    encode: (request) =>
      new ByteWriter(2)
        .u8(flag(request.ipmiV20Data, 7) | request.channelNumber)
        .u8(request.requestedMaximumPrivilegeLevel).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8();
      const types = reader.u8();
      const status = reader.u8();
      const extended = reader.u8();
      reader.skip(4); // OEM id and OEM auxiliary data
      reader.end();
      return {
        channelNumber,
        ipmiV20Data: bit(types, 7),
        authenticationTypes: types & 0x3f,
        kgStatus: bit(status, 5),
        nonNullUsernames: bit(status, 2),
        supportsIpmiV20: bit(extended, 1),
        supportsIpmiV15: bit(extended, 0),
      };
    },
    encode: (response) =>
      new ByteWriter(8)
        .u8(response.channelNumber)
        .u8(flag(response.ipmiV20Data, 7) | response.authenticationTypes)
        .u8(flag(response.kgStatus, 5) | flag(response.nonNullUsernames, 2))
        .u8(flag(response.supportsIpmiV20, 1) | flag(response.supportsIpmiV15, 0)).bytes,
  },
};
