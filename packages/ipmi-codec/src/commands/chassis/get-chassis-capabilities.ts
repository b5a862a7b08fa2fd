import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface ChassisCapabilities {
  /** Byte 2, bit 2: diagnostic interrupt. */
  readonly providesDiagnosticInterrupt: boolean;
  /** 1 byte each: the slave addresses of the devices with FRU, SDR and SEL, and of the system management device. */
  readonly fruDeviceAddress: number;
  readonly sdrDeviceAddress: number;
  readonly selDeviceAddress: number;
  readonly systemManagementDeviceAddress: number;
}

/** v2.0§28.1 table 28-2. Request none, response 5 bytes (without the optional bridge address). */
export const getChassisCapabilities: Command<NoData, ChassisCapabilities> = {
  name: 'Get Chassis Capabilities',
  netFn: 'chassis',
  code: 0x00,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return {
        providesDiagnosticInterrupt: bit(reader.u8(), 2),
        fruDeviceAddress: reader.u8(),
        sdrDeviceAddress: reader.u8(),
        selDeviceAddress: reader.u8(),
        systemManagementDeviceAddress: reader.u8(),
      };
    },
    encode: (capabilities) =>
      new ByteWriter(5)
        .u8(flag(capabilities.providesDiagnosticInterrupt, 2))
        .u8(capabilities.fruDeviceAddress)
        .u8(capabilities.sdrDeviceAddress)
        .u8(capabilities.selDeviceAddress)
        .u8(capabilities.systemManagementDeviceAddress).bytes,
  },
};
