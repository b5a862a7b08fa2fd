import { guidFromUuid, type BootFlags, type PowerRestorePolicy } from '@vbmc/ipmi-codec';
import { BootOptions, noBootFlags } from './boot-options.ts';
import { DomainMemory } from './domain-memory.ts';
import { DomainNews } from './domain-news.ts';
import { LastPowerOn } from './last-power-on.ts';
import { PowerControlFault } from './power-control-fault.ts';
import { isPoweredOn } from './power-state.ts';
import type { DomainState } from '../terms/domain-action.ts';
import type { DomainInventory } from '../terms/domain-inventory.ts';
import { LampTimer } from '../terms/lamp-timer.ts';

/** Used until the domain's UUID is known. RAKP allows a null GUID (v2.0§13.21). */
const nullGuid = new Uint8Array(16);

/** What the BMC knows about itself and its domain; sessions are elsewhere. */
export class BmcDevice {
  readonly bootOptions = new BootOptions();
  readonly domain = new DomainMemory();
  readonly news = new DomainNews(this.domain);
  /** How often this BMC has switched the domain off, or tried to. */
  powerOffs = 0;
  readonly lastPowerOn = new LastPowerOn();
  readonly powerControlFault = new PowerControlFault();
  /** True if the running domain could not be given the boot order of its definition, and is to be given it later. */
  bootOrderIsStale = false;
  /** When a hard reset by this BMC last succeeded, if the domain watch has not reported it yet. */
  unreportedResetAt = -Infinity;
  /** When a hard reset by this BMC last succeeded. */
  resetAt = -Infinity;
  /** Whether the watch has reported the reset that is under way. */
  resetIsReported = false;
  /** What is done with the domain after the host has booted. `alwaysOff` leaves it alone. */
  powerRestorePolicy: PowerRestorePolicy = 'alwaysOff';
  /** As this worker last set it, or as the supervisor told it at the start: for Get Chassis Status. */
  readonly identify = new LampTimer();
  /** As last read; undefined: not read since the definition may have changed. */
  inventory: DomainInventory | undefined;
  #bootFlagsAreKnown = false;
  #guidIsKnown = false;
  #guid: Uint8Array | undefined;

  get guidIsKnown(): boolean {
    return this.#guidIsKnown;
  }

  /** 16 bytes in SMBIOS order, as last known. */
  get guid(): Uint8Array {
    return this.#guid ?? nullGuid;
  }

  /** Whether `guid` was ever known. */
  get hasGuid(): boolean {
    return this.#guid !== undefined;
  }

  /** Whether the boot flags are those of the domain's definition, with no used override left to clear. False at the start. */
  get bootFlagsAreKnown(): boolean {
    return this.#bootFlagsAreKnown;
  }

  /** Whether the boot flags may be told without reading them: nothing else than the watch reports that they change. */
  bootFlagsAreCertain(now: number): boolean {
    return this.#bootFlagsAreKnown && this.domain.isWatched(now);
  }

  /** The same for the GUID. */
  guidIsCertain(now: number): boolean {
    return this.#guidIsKnown && this.domain.isWatched(now);
  }

  /** The inventory, if it is certain that the definition has not changed since it was read. */
  recallInventory(now: number): DomainInventory | undefined {
    return this.domain.isWatched(now) ? this.inventory : undefined;
  }

  learnBootFlags(bootFlags: BootFlags | undefined): void {
    this.bootOptions.flags = bootFlags ?? noBootFlags;
    this.#bootFlagsAreKnown = true;
  }

  /** Another UUID is that of another domain, with a definition of its own. */
  learnUuid(uuid: string): void {
    const guid = guidFromUuid(uuid);
    if (guid === undefined) return;
    if (this.#guid !== undefined && this.#guid.join() !== guid.join()) this.doubtBootFlags();
    this.#guid = guid;
    this.#guidIsKnown = true;
  }

  /** The definition may have other boot flags by now. The old ones stay until then: a countdown of theirs goes on. */
  doubtBootFlags(): void {
    this.#bootFlagsAreKnown = false;
  }

  /** The definition may be another one by now. */
  doubtDefinition(): void {
    this.doubtBootFlags();
    this.#guidIsKnown = false;
    this.inventory = undefined;
  }

  /** libvirt has answered a question about the state. */
  takeRead(state: DomainState, now: number): void {
    this.powerControlFault.see(isPoweredOn[state]);
    if (this.domain.read(state, now)) this.news.add();
  }

  /** A reset by this BMC has succeeded. Another report within a second is another reset, by firmware or by somebody. */
  noteReset(now: number): void {
    this.resetAt = now;
    this.unreportedResetAt = this.resetIsReported ? -Infinity : now;
  }
}
