import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';
import { DCMI_GROUP, dcmiReader } from './dcmi-group.ts';

/** DCMI 1.5 section 6.1.1 table 6-3. */
export const dcmiCapability = {
  supported: 1,
  mandatoryPlatform: 2,
  optionalPlatform: 3,
  manageabilityAccess: 4,
  enhancedSystemPower: 5,
} as const;

export interface DcmiCapabilities {
  /** 1 byte each: 01h and 05h for DCMI 1.5. */
  readonly majorVersion: number;
  readonly minorVersion: number;
  /** 1 byte: 02h. */
  readonly parameterRevision: number;
  /** 2, 3 or 5 bytes, by parameter: freeipmi drops an answer that is longer. */
  readonly parameterData: Uint8Array;
}

/** DCMI 1.5 section 6.1.1 table 6-2. Request 2 bytes, response 4 bytes and the parameter's data. */
export const getDcmiCapabilitiesInfo: Command<{ readonly parameterSelector: number }, DcmiCapabilities> = {
  name: 'Get DCMI Capabilities Info',
  netFn: 'groupExtension',
  code: 0x01,
  request: {
    decode: (data) => {
      const reader = dcmiReader(data);
      const parameterSelector = reader.u8();
      reader.end();
      return { parameterSelector };
    },
    encode: ({ parameterSelector }) => new ByteWriter(2).u8(DCMI_GROUP).u8(parameterSelector).bytes,
  },
  response: {
    decode: (data) => {
      const reader = dcmiReader(data);
      return {
        majorVersion: reader.u8(),
        minorVersion: reader.u8(),
        parameterRevision: reader.u8(),
        parameterData: reader.rest(),
      };
    },
    encode: ({ majorVersion, minorVersion, parameterRevision, parameterData }) =>
      new ByteWriter(4 + parameterData.length)
        .u8(DCMI_GROUP)
        .u8(majorVersion)
        .u8(minorVersion)
        .u8(parameterRevision)
        .put(parameterData).bytes,
  },
};
