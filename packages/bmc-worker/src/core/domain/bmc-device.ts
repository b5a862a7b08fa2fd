import { guidFromUuid, type BootFlags, type PowerRestorePolicy } from '@vbmc/ipmi-codec';
import { BootOptions, noBootFlags } from './boot-options.ts';
import { DomainMemory } from './domain-memory.ts';

/** Used until the domain's UUID is known. RAKP allows a null GUID (v2.0§13.21). */
const nullGuid = new Uint8Array(16);

/** What the BMC knows about itself and its domain; sessions are elsewhere. */
export class BmcDevice {
  readonly bootOptions = new BootOptions();
  readonly domain = new DomainMemory();
  /** True if, as far as known, the running QEMU was booted with an override that has since been removed from the definition. */
  bootOrderIsStale = false;
  /** When a hard reset by this BMC last succeeded. */
  lastResetAt = -Infinity;
  /** What is done with the domain after the host has booted. `alwaysOff` leaves it alone. */
  powerRestorePolicy: PowerRestorePolicy = 'alwaysOff';
  /** Whether an IPMI command caused the last power-on. */
  lastPowerOnByCommand = false;
  #bootFlagsAreKnown = false;
  #guid: Uint8Array | undefined;

  get guidIsKnown(): boolean {
    return this.#guid !== undefined;
  }

  /** 16 bytes in SMBIOS order. */
  get guid(): Uint8Array {
    return this.#guid ?? nullGuid;
  }

  /** Whether the boot flags are those of the domain's definition, with no used override left to clear. False at the start. */
  get bootFlagsAreKnown(): boolean {
    return this.#bootFlagsAreKnown;
  }

  learnBootFlags(bootFlags: BootFlags | undefined): void {
    this.bootOptions.flags = bootFlags ?? noBootFlags;
    this.#bootFlagsAreKnown = true;
  }

  /** A change that may have replaced them ended halfway. */
  forgetBootFlags(): void {
    this.#bootFlagsAreKnown = false;
  }

  learnUuid(uuid: string): void {
    this.#guid = guidFromUuid(uuid);
  }
}
