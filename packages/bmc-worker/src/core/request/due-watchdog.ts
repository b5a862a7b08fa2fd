import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainAction, DomainActionOutcome } from '../terms/domain-action.ts';
import { WATCHDOG_TIMER, type WatchdogExpiry } from '../terms/watchdog.ts';
import type { RunningAction } from './action-queue.ts';

const controls: Readonly<Record<WatchdogExpiry['effect'], ChassisControl | undefined>> = {
  none: undefined,
  nmi: 'diagnosticInterrupt',
  hardReset: 'hardReset',
  powerDown: 'powerDown',
  powerCycle: 'powerCycle',
};

/** After these the machine does not run any more what the timer has watched. */
const endsWhatRuns: ReadonlySet<ChassisControl> = new Set(['powerDown', 'powerCycle', 'hardReset']);

/** What the watchdog timer wants done to the domain, kept while another change is under way. */
export class DueWatchdog {
  #due: DomainAction | undefined;

  add({ effect }: WatchdogExpiry): void {
    const control = controls[effect];
    if (control !== undefined) this.#due = { kind: 'chassisControl', chassisControl: control };
  }

  /** The action, handed out once. To be called when no change is under way. */
  next(): { readonly action: DomainAction; readonly cause: string } | undefined {
    const action = this.#due;
    this.#due = undefined;
    return action && { action, cause: WATCHDOG_TIMER };
  }

  /** A change has ended. If it has ended what the timer has watched, nothing is left to do. */
  takeEnd({ action }: RunningAction, outcome: DomainActionOutcome): void {
    if (!outcome.ok || action.kind !== 'chassisControl') return;
    if (endsWhatRuns.has(action.chassisControl)) this.#due = undefined;
  }
}
