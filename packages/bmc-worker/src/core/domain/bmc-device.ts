import { guidFromUuid, type BootFlags, type PowerRestorePolicy } from '@vbmc/ipmi-codec';
import { BootOptions, noBootFlags } from './boot-options.ts';
import { DomainMemory } from './domain-memory.ts';

/** Before libvirt told the domain's UUID. RAKP allows a null GUID (v2.0§13.21). */
const nullGuid = new Uint8Array(16);

/** What the BMC knows about itself and its domain beside its sessions. */
export class BmcDevice {
  readonly bootOptions = new BootOptions();
  readonly domain = new DomainMemory();
  /** Whether the process that runs was started with a boot override that has been taken back since, as far as known. */
  bootOrderIsStale = false;
  /** When an own hard reset succeeded last. */
  lastResetAt = -Infinity;
  /** What is done with the domain after the host has booted. By default it is left as it is. */
  powerRestorePolicy: PowerRestorePolicy = 'alwaysOff';
  /** Whether the last power-on was made by an IPMI command. */
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

  /** Whether the boot flags are what the domain says, with nothing left to take back, and not yet the default. */
  get bootFlagsAreKnown(): boolean {
    return this.#bootFlagsAreKnown;
  }

  learnBootFlags(bootFlags: BootFlags | undefined): void {
    this.bootOptions.flags = bootFlags ?? noBootFlags;
    this.#bootFlagsAreKnown = true;
  }

  learnUuid(uuid: string): void {
    this.#guid = guidFromUuid(uuid);
  }
}
