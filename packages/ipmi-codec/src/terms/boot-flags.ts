import type { BootDevice } from './boot-device.ts';

/** System boot option parameter 5, as far as a virtual machine can act on it (v2.0§28.13 table 28-14). */
export interface BootFlags {
  /** Data 1 bit 7. Flags that are not valid are to be ignored by the system's firmware. */
  readonly valid: boolean;
  /** Data 1 bit 6: for all following boots rather than the next one only. */
  readonly persistent: boolean;
  /** Data 1 bit 5: UEFI boot rather than legacy PC boot. */
  readonly efi: boolean;
  /** Data 2 bits 5:2. */
  readonly device: BootDevice;
}
