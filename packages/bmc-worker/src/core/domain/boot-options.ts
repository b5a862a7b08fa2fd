import type { BootFlags } from '@vbmc/ipmi-codec';
import { limits } from '../terms/limits.ts';

/** No boot override: what parameter 5 reads as when nothing was set or a one-shot override was used up. */
export const noBootFlags: BootFlags = { valid: false, persistent: false, efi: false, device: 'noOverride' };

/** Parameter 7 is a mailbox of numbered 16-byte blocks, at least 80 bytes in all (v2.0§28.13 table 28-14). */
export const MAILBOX_BLOCKS = 5;
export const MAILBOX_BLOCK_LENGTH = 16;

/** Parameter 6: channel, session id (4), time stamp (4). */
export const INITIATOR_INFO_LENGTH = 9;

/** The values of the system boot options (v2.0§28.13 table 28-14). What is set is what is read back. */
export class BootOptions {
  /** Parameter 0: the session that said "set in progress", by its id; undefined when set complete. */
  setInProgressBy: number | undefined;
  /** Parameter 3, bits 4:0: when the valid bit of the boot flags is *not* cleared. */
  validBitClearing = 0;
  /** Parameter 4, data 2: who has handled the boot info. */
  infoAcknowledge = 0;
  /** Parameter 5. */
  flags: BootFlags = noBootFlags;
  /** Since when the valid bit of one-shot flags counts down: when they were set, or the last Chassis Control. */
  countdownSince = 0;
  /** Parameter 6. */
  initiatorInfo: Uint8Array = new Uint8Array(INITIATOR_INFO_LENGTH);
  /** Parameter 7. */
  readonly mailbox: Uint8Array = new Uint8Array(MAILBOX_BLOCKS * MAILBOX_BLOCK_LENGTH);
}

/** Parameter 3, bit 3: the valid bit is not cleared when no Chassis Control follows within 60 seconds. */
const NO_CLEARING_ON_TIMEOUT = 0x08;

/** Whether one-shot flags are set and will expire when nobody uses them. */
export function bootFlagsCountDown({ flags, validBitClearing }: BootOptions): boolean {
  return flags.valid && !flags.persistent && (validBitClearing & NO_CLEARING_ON_TIMEOUT) === 0;
}

/** Whether the boot flags have to be taken back, because nobody used them in time. */
export function bootFlagsHaveExpired(options: BootOptions, now: number): boolean {
  return bootFlagsCountDown(options) && now - options.countdownSince >= limits.bootFlagsValidMs;
}
