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
/** Data 1: valid, persistent, boot type. */
const VALIDITY_MASK = 0xe0;
const DEVICE_MASK = 0x3c;
const FIRMWARE_REQUESTS_MASK = 0x7b;
/** Data 3, bit 3: firmware is asked to boot without the passwords that its user has set. */
export const USER_PASSWORD_BYPASS = 0x08;
/** Verbosity and console redirection: two bits each, of which 11b is reserved. */
const VERBOSITY_MASK = 0x60;
const CONSOLE_REDIRECTION_MASK = 0x03;

/** Whether the byte holds a reserved or another bit. */
function hasForeignBits(requests: number): boolean {
  return (
    (requests & ~FIRMWARE_REQUESTS_MASK) !== 0 ||
    (requests & VERBOSITY_MASK) === VERBOSITY_MASK ||
    (requests & CONSOLE_REDIRECTION_MASK) === CONSOLE_REDIRECTION_MASK
  );
}

/**
 * Parameter 5, 5 bytes. Raises `DecodeError` for reserved bits and values, and for any flag that `BootFlags` lacks: CMOS
 * clear, screen blank, locked keyboard and buttons, mux and device instance have a substance that a virtual machine cannot
 * give them, so the BMC must not acknowledge them.
 */
export const bootFlagsParameter: DataCodec<BootFlags> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const validity = reader.u8();
    const selection = reader.u8();
    const firmwareRequests = reader.u8();
    const others = reader.take(2);
    reader.end();
    const code = (selection & DEVICE_MASK) >>> 2;
    const device: BootDevice | undefined = deviceNames.get(code);
    if (device === undefined) throw new DecodeError('invalidField', `boot device selector ${code}`);
    if ((validity & ~VALIDITY_MASK) !== 0) throw new DecodeError('invalidField', 'reserved boot flags');
    if (
      (selection & ~DEVICE_MASK) !== 0 ||
      hasForeignBits(firmwareRequests) ||
      others.some((byte) => byte !== 0)
    ) {
      throw new DecodeError('invalidField', 'boot flags that a virtual machine cannot follow');
    }
    return {
      ...{ valid: bit(validity, 7), persistent: bit(validity, 6), efi: bit(validity, 5), device },
      ...(firmwareRequests !== 0 && { firmwareRequests }),
    };
  },
  encode: (flags) =>
    new ByteWriter(5)
      .u8(flag(flags.valid, 7) | flag(flags.persistent, 6) | flag(flags.efi, 5))
      .u8(bootDevice[flags.device] << 2)
      .u8(flags.firmwareRequests ?? 0).bytes,
};
