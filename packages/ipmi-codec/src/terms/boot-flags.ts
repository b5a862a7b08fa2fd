import type { BootDevice } from './boot-device.ts';

/** The part of system boot option parameter 5 that a virtual machine can follow, or ignore without harm (v2.0§28.13 table 28-14). */
export interface BootFlags {
  /** Data 1 bit 7. The system's firmware ignores flags that are not valid. */
  readonly valid: boolean;
  /** Data 1 bit 6: the flags apply to all following boots, not only to the next one. */
  readonly persistent: boolean;
  /** Data 1 bit 5: UEFI boot instead of legacy PC boot. */
  readonly efi: boolean;
  /** Data 2 bits 5:2. */
  readonly device: BootDevice;
  /**
   * Data 3 without its lock-outs: verbosity (bits 6:5), force progress event traps (4), user password bypass (3), console
   * redirection (1:0). They ask firmware to show more or less. Absent: 0, nothing is asked.
   */
  readonly firmwareRequests?: number;
}
