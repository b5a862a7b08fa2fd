import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** Bits 6:0 of the system power state, as far as a virtual machine has them. */
export const acpiSystemState = { working: 0x00, suspendedToRam: 0x03, softOff: 0x05, unknown: 0x2a } as const;
/** Bits 6:0 of the device power state. */
export const acpiDeviceState = { on: 0x00, off: 0x03, unknown: 0x2a } as const;

export interface AcpiPowerState {
  /** 1 byte: S0 to S5. */
  readonly system: number;
  /** 1 byte: D0 to D3. */
  readonly device: number;
}

/** v2.0§20.7 table 20-9. Request none, response 2 bytes. */
export const getAcpiPowerState: Command<NoData, AcpiPowerState> = {
  name: 'Get ACPI Power State',
  netFn: 'app',
  code: 0x07,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const state = { system: reader.u8(), device: reader.u8() };
      reader.end();
      return state;
    },
    encode: ({ system, device }) => new ByteWriter(2).u8(system).u8(device).bytes,
  },
};
