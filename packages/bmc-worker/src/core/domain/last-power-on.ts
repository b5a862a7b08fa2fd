import type { ChassisControl } from '@vbmc/ipmi-codec';
import { SETTLE_MS } from './domain-memory.ts';

/** What a start by this BMC means: a hard reset that needs another process switches nothing on. */
const isPowerOn: Partial<Readonly<Record<ChassisControl, boolean>>> = {
  powerUp: true,
  powerCycle: true,
  hardReset: false,
};

/** Whether an action may start the domain. */
export function mayStart(chassisControl: ChassisControl): boolean {
  return isPowerOn[chassisControl] !== undefined;
}

/**
 * Whether an IPMI command caused the last power-on (v2.0§28.2, last power event). The domain watch reports each start once, by
 * whoever; the report of a start by this BMC comes while its change is under way or soon after, or, if the watch was not
 * up then, as the first that the watch reports.
 */
export class LastPowerOn {
  byCommand = false;
  /** The watch has reported a start since the change under way began. */
  #isReported = false;
  /** A start by this BMC that the watch has not reported; not waited for from `until` on. */
  #unreported: { readonly control: ChassisControl; until: number } | undefined;

  /** The watch reports that the domain has come on. `control`: the change under way, if it may start the domain. */
  report(control: ChassisControl | undefined, now: number): void {
    if (control !== undefined) {
      this.#isReported = true;
      this.#take(control);
      return;
    }
    const own = this.#unreported;
    this.#unreported = undefined;
    if (own !== undefined && now < own.until) this.#take(own.control);
    else this.byCommand = false;
  }

  /** A change by this BMC has ended; `hasStarted`: it has started the domain. `isWatched`: the watch reports starts. */
  finish(control: ChassisControl, hasStarted: boolean, isWatched: boolean, now: number): void {
    const isReported = this.#isReported;
    this.#isReported = false;
    if (!hasStarted) return;
    this.#take(control);
    if (!isReported) this.#unreported = { control, until: isWatched ? now + SETTLE_MS : Infinity };
  }

  /** The watch has come up, and reports in this moment what it has missed. */
  beginReports(now: number): void {
    if (this.#unreported !== undefined) this.#unreported.until = now + SETTLE_MS;
  }

  #take(control: ChassisControl): void {
    if (isPowerOn[control] === true) this.byCommand = true;
  }
}
