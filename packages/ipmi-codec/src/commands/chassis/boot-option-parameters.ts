import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { DecodeError } from '../../bytes/decode-error.ts';
import { bootDevice, type BootDevice } from '../../terms/boot-device.ts';
import type { BootFlags } from '../../terms/boot-flags.ts';
import { codeNames } from '../../terms/code-names.ts';
import type { DataCodec } from '../command.ts';

/** Parameter selectors of the system boot options (v2.0§28.13 table 28-14). */
export const bootOptionParameter = {
  setInProgress: 0,
  servicePartitionSelector: 1,
  servicePartitionScan: 2,
  bootFlagValidBitClearing: 3,
  bootInfoAcknowledge: 4,
  bootFlags: 5,
  bootInitiatorInfo: 6,
  bootInitiatorMailbox: 7,
} as const;

const deviceNames = codeNames(bootDevice);
const DEVICE_MASK = 0x3c;

/**
 * Parameter 5, 5 bytes. Raises `DecodeError` for a reserved device selector and for any flag that `BootFlags` lacks
 * (CMOS clear, keyboard lock, console redirection, …): a virtual machine's firmware would not follow such a flag, so
 * the BMC must not acknowledge it.
 */
export const bootFlagsParameter: DataCodec<BootFlags> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const validity = reader.u8();
    const selection = reader.u8();
    const others = reader.take(3);
    reader.end();
    const code = (selection & DEVICE_MASK) >>> 2;
    const device: BootDevice | undefined = deviceNames.get(code);
    if (device === undefined) throw new DecodeError('invalidField', `boot device selector ${code}`);
    if ((selection & ~DEVICE_MASK) !== 0 || others.some((byte) => byte !== 0)) {
      throw new DecodeError('invalidField', 'boot flags other than device, persistence and boot type');
    }
    return { valid: bit(validity, 7), persistent: bit(validity, 6), efi: bit(validity, 5), device };
  },
  encode: (flags) =>
    new ByteWriter(5)
      .u8(flag(flags.valid, 7) | flag(flags.persistent, 6) | flag(flags.efi, 5))
      .u8(bootDevice[flags.device] << 2).bytes,
};
