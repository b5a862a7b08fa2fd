import { describeAction } from '../domain/describe-action.ts';
import type { BmcEvent } from '../terms/bmc-event.ts';
import type { DomainAction } from '../terms/domain-action.ts';
import type { RunningAction } from './action-queue.ts';

const powerUp = { kind: 'chassisControl', chassisControl: 'powerUp' } as const satisfies DomainAction;

/** Whether the client wants the machine to be off afterwards. */
function isForOff({ action, requester }: RunningAction): boolean {
  if (requester === undefined || action.kind !== 'chassisControl') return false;
  return action.chassisControl === 'powerDown' || action.chassisControl === 'softShutdown';
}

/** A power up that the power restore policy wants, kept while another change is under way. */
export class DuePowerUp {
  #due: { readonly cause: string; readonly since: number } | undefined;

  /** A second one before the first has begun adds nothing. */
  add(cause: string, now: number): void {
    this.#due ??= { cause, since: now };
  }

  /** The power up, handed out once. To be called when no change is under way. */
  next(): { readonly action: DomainAction; readonly cause: string } | undefined {
    const due = this.#due;
    this.#due = undefined;
    return due && { action: powerUp, cause: due.cause };
  }

  /** A change has ended. A client that has switched the machine off has the last word: the power up is given up, and told. */
  takeEnd(finished: RunningAction, now: number): readonly BmcEvent[] {
    const due = this.#due;
    if (due === undefined || !isForOff(finished)) return [];
    this.#due = undefined;
    const message = `a ${describeAction(finished.action)} came in between`;
    return [
      {
        kind: 'domainActionFinished',
        action: powerUp.kind,
        description: describeAction(powerUp),
        user: '',
        source: due.cause,
        durationMs: now - due.since,
        failure: { kind: 'calledOff', message },
      },
    ];
  }
}
