import { bootFlagsParameter, type BootFlags } from '@vbmc/ipmi-codec';
import { limits } from '../terms/limits.ts';

/** No boot override: what parameter 5 reads as if nothing was set, or after a one-shot override was used. */
export const noBootFlags: BootFlags = { valid: false, persistent: false, efi: false, device: 'noOverride' };

/** Whether both read as the same parameter 5. */
export function sameBootFlags(a: BootFlags, b: BootFlags): boolean {
  return bootFlagsParameter.encode(a).join() === bootFlagsParameter.encode(b).join();
}

/** Parameter 7 is a mailbox of numbered 16-byte blocks, at least 80 bytes in all (v2.0§28.13 table 28-14). */
export const MAILBOX_BLOCKS = 5;
export const MAILBOX_BLOCK_LENGTH = 16;

/** Parameter 6: channel, session id (4), time stamp (4). */
export const INITIATOR_INFO_LENGTH = 9;

/** The values of the system boot options (v2.0§28.13 table 28-14). A parameter reads back as it was set. */
export class BootOptions {
  /** Parameter 0: the id of the session that set "set in progress"; undefined after "set complete". */
  setInProgressBy: number | undefined;
  /** Parameter 3, bits 4:0: when the valid bit of the boot flags is *not* cleared. */
  validBitClearing = 0;
  /** Parameter 4, data 2: which parties have handled the boot info. */
  infoAcknowledge = 0;
  /** Parameter 5. */
  flags: BootFlags = noBootFlags;
  /** Start of the countdown for the valid bit of one-shot flags: when they were set, or the last Chassis Control. */
  countdownSince = 0;
  /** Parameter 6. */
  initiatorInfo: Uint8Array = new Uint8Array(INITIATOR_INFO_LENGTH);
  /** Parameter 7. */
  readonly mailbox: Uint8Array = new Uint8Array(MAILBOX_BLOCKS * MAILBOX_BLOCK_LENGTH);
}

/** Parameter 3, bit 3: the valid bit is not cleared when no Chassis Control follows within 60 seconds. */
const NO_CLEARING_ON_TIMEOUT = 0x08;

/** Whether one-shot flags are set that expire unless a boot uses them. */
export function bootFlagsCountDown({ flags, validBitClearing }: BootOptions): boolean {
  return flags.valid && !flags.persistent && (validBitClearing & NO_CLEARING_ON_TIMEOUT) === 0;
}

/** Whether the boot flags have to be cleared, because no boot used them in time. */
export function bootFlagsHaveExpired(options: BootOptions, now: number): boolean {
  return bootFlagsCountDown(options) && now - options.countdownSince >= limits.bootFlagsValidMs;
}
