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
  /** 1 byte, optional: the slave address of the chassis bridge device; the BMC's own if absent. */
  readonly bridgeDeviceAddress?: number;
}

/** v2.0§28.1 table 28-2. Request none, response 5 or 6 bytes. */
export const getChassisCapabilities: Command<NoData, ChassisCapabilities> = {
  name: 'Get Chassis Capabilities',
  netFn: 'chassis',
  code: 0x00,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const capabilities = {
        providesDiagnosticInterrupt: bit(reader.u8(), 2),
        fruDeviceAddress: reader.u8(),
        sdrDeviceAddress: reader.u8(),
        selDeviceAddress: reader.u8(),
        systemManagementDeviceAddress: reader.u8(),
      };
      return reader.remaining === 0 ? capabilities : { ...capabilities, bridgeDeviceAddress: reader.u8() };
    },
    encode: (capabilities) => {
      const { bridgeDeviceAddress } = capabilities;
      const writer = new ByteWriter(bridgeDeviceAddress === undefined ? 5 : 6)
        .u8(flag(capabilities.providesDiagnosticInterrupt, 2))
        .u8(capabilities.fruDeviceAddress)
        .u8(capabilities.sdrDeviceAddress)
        .u8(capabilities.selDeviceAddress)
        .u8(capabilities.systemManagementDeviceAddress);
      return bridgeDeviceAddress === undefined ? writer.bytes : writer.u8(bridgeDeviceAddress).bytes;
    },
  },
};
