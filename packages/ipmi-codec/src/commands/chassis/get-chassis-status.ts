import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { codeNames } from '../../terms/code-names.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** The power restore policy: bits 6:5 of the byte that the specification calls Current Power State. */
export const powerRestorePolicy = { alwaysOff: 0, previousState: 1, alwaysOn: 2, unknown: 3 } as const;
export type PowerRestorePolicy = keyof typeof powerRestorePolicy;

/** What the identify lamp does: 2 bits. */
export const identifyState = { off: 0, timed: 1, indefinite: 2 } as const;
export type IdentifyState = keyof typeof identifyState;
const identifyNames = codeNames(identifyState);

const policyNames = codeNames(powerRestorePolicy);

export interface ChassisStatus {
  /** Current Power State, bit 0. */
  readonly powerOn: boolean;
  readonly powerRestorePolicy: PowerRestorePolicy;
  /** Current Power State, bit 4: the BMC has tried to switch the power, and the machine is not as was wanted. */
  readonly powerControlFault: boolean;
  /** Last Power Event, bit 4: an IPMI command made the last power-on. */
  readonly lastPowerOnByCommand: boolean;
  /** Miscellaneous Chassis State, bit 2. */
  readonly driveFault: boolean;
  /** Miscellaneous Chassis State, bits 5:4: the identify lamp; bit 6 says that these tell it. Absent: they do not. */
  readonly identify?: IdentifyState;
  /** 1 byte, optional: the front panel buttons that can be disabled (bits 7:4) and that are (bits 3:0). */
  readonly frontPanelButtons?: number;
}

/** v2.0§28.2 table 28-3. Request none, response 3 or 4 bytes. */
export const getChassisStatus: Command<NoData, ChassisStatus> = {
  name: 'Get Chassis Status',
  netFn: 'chassis',
  code: 0x01,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const power = reader.u8();
      const lastEvent = reader.u8();
      const miscellaneous = reader.u8();
      const status = {
        powerOn: bit(power, 0),
        powerRestorePolicy: policyNames.get((power >>> 5) & 3) ?? 'unknown',
        powerControlFault: bit(power, 4),
        lastPowerOnByCommand: bit(lastEvent, 4),
        driveFault: bit(miscellaneous, 2),
        ...identifyOf(miscellaneous),
      };
      return reader.remaining === 0 ? status : { ...status, frontPanelButtons: reader.u8() };
    },
    encode: (status) => {
      const { frontPanelButtons } = status;
      const writer = new ByteWriter(frontPanelButtons === undefined ? 3 : 4)
        .u8(
          flag(status.powerOn, 0) |
            flag(status.powerControlFault, 4) |
            (powerRestorePolicy[status.powerRestorePolicy] << 5),
        )
        .u8(flag(status.lastPowerOnByCommand, 4))
        .u8(flag(status.driveFault, 2) | identifyBits(status.identify));
      return frontPanelButtons === undefined ? writer.bytes : writer.u8(frontPanelButtons).bytes;
    },
  },
};

function identifyOf(miscellaneous: number): Pick<ChassisStatus, 'identify'> {
  const identify = identifyNames.get((miscellaneous >>> 4) & 3);
  return bit(miscellaneous, 6) && identify !== undefined ? { identify } : {};
}

function identifyBits(identify: IdentifyState | undefined): number {
  return identify === undefined ? 0 : flag(true, 6) | (identifyState[identify] << 4);
}
