import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { codeNames } from '../../terms/code-names.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** The power restore policy: bits 6:5 of the byte that the specification calls Current Power State. */
export const powerRestorePolicy = { alwaysOff: 0, previousState: 1, alwaysOn: 2, unknown: 3 } as const;
export type PowerRestorePolicy = keyof typeof powerRestorePolicy;

const policyNames = codeNames(powerRestorePolicy);

export interface ChassisStatus {
  /** Current Power State, bit 0. */
  readonly powerOn: boolean;
  readonly powerRestorePolicy: PowerRestorePolicy;
  /** Last Power Event, bit 4: an IPMI command made the last power-on. */
  readonly lastPowerOnByCommand: boolean;
}

/** v2.0§28.2 table 28-3. Request none, response 3 bytes (without the optional front panel byte). */
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
      reader.skip(1);
      return {
        powerOn: bit(power, 0),
        powerRestorePolicy: policyNames.get((power >>> 5) & 3) ?? 'unknown',
        lastPowerOnByCommand: bit(lastEvent, 4),
      };
    },
    encode: (status) =>
      new ByteWriter(3)
        .u8(flag(status.powerOn, 0) | (powerRestorePolicy[status.powerRestorePolicy] << 5))
        .u8(flag(status.lastPowerOnByCommand, 4)).bytes,
  },
};
