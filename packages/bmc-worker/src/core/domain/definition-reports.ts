import { SETTLE_MS } from './domain-memory.ts';

/**
 * Tells other programs' changes of the domain's definition from this BMC's own. The domain watch reports both alike, one
 * report for each `virsh define`, so they are counted. A report too many is another program's. In doubt a report counts as
 * another program's: that costs one more read.
 */
export class DefinitionReports {
  /** Reports since the change under way began. */
  #early = 0;
  /** Reports of own writes that have not arrived yet. They are not waited for after `#lateUntil`. */
  #missing = 0;
  #lateUntil = -Infinity;
  /** The watch has begun during the change under way: what that wrote before is not reported. */
  #beganDuringChange = false;

  /** Takes a report. Returns whether the definition is to be read again now. */
  take(isChanging: boolean, now: number): boolean {
    if (isChanging) {
      this.#early += 1;
      return false;
    }
    if (this.#missing === 0 || now > this.#lateUntil) return true;
    this.#missing -= 1;
    return false;
  }

  /** A change by this BMC has ended. Returns whether another program has written the definition meanwhile. */
  endChange(written: number, now: number): boolean {
    const balance = written - this.#early;
    const isDoubtful = this.#beganDuringChange;
    this.#early = 0;
    this.#missing = isDoubtful ? 0 : Math.max(0, balance);
    this.#lateUntil = now + SETTLE_MS;
    this.#beganDuringChange = false;
    return balance < 0 || isDoubtful;
  }

  /** The watch has begun: it reports no write from before, so none is waited for. */
  begin(isChanging: boolean): void {
    this.forget();
    this.#beganDuringChange = isChanging;
  }

  /** The watch is lost: reports that were on their way do not arrive any more. */
  forget(): void {
    this.#early = 0;
    this.#missing = 0;
  }
}
