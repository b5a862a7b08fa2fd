import type { BootFlags } from '@vbmc/ipmi-codec';
import { applyOutcome } from '../domain/apply-outcome.ts';
import type { BmcDevice } from '../domain/bmc-device.ts';
import { bootFlagsCountDown, bootFlagsHaveExpired, noBootFlags } from '../domain/boot-options.ts';
import { DefinitionReports } from '../domain/definition-reports.ts';
import {
  BOOT_OVERRIDE_EXPIRED,
  DEFINITION_CHANGED,
  didSomething,
  DomainReports,
  FIRST_CHECK,
  isCheck,
  isFollowUp,
  startingControl,
  type DomainReport,
} from '../domain/domain-reports.ts';
import {
  isPowerOff,
  type DomainAction,
  type DomainActionOutcome,
  type DomainFailureKind,
  type OwedStart,
} from '../terms/domain-action.ts';
import type { Effect } from '../terms/effects.ts';
import type { WatchdogExpiry } from '../terms/watchdog.ts';
import { ActionQueue, isChange, type Busy, type RunningAction, type Waiter } from './action-queue.ts';
import { finishedEvents, originOf, refusalEvent, watchdogEvent } from './change-events.ts';
import { DueOwedStart } from './due-owed-start.ts';
import { DuePowerUp } from './due-power-up.ts';
import { DueWatchdog } from './due-watchdog.ts';
import { RepeatedFailures } from './repeated-failures.ts';

const calledOff: DomainActionOutcome = {
  ok: false,
  failure: { kind: 'calledOff', message: 'a power off came in between' },
};

/** The domain: starts actions on it, applies their outcomes, and follows up what the domain watch reports. */
export class DomainLayer {
  readonly actions = new ActionQueue();
  readonly #device: BmcDevice;
  readonly #emit: (effect: Effect) => void;
  readonly #reports: DomainReports;
  readonly #definitionReports = new DefinitionReports();
  readonly #duePowerUp = new DuePowerUp();
  readonly #dueOwedStart = new DueOwedStart();
  readonly #dueWatchdog = new DueWatchdog();
  readonly #repeatedFailures = new RepeatedFailures();
  /** Whether to read what is unknown as soon as libvirt seems to answer. */
  #readsUnknown = false;
  /** The last kind of failure to read the domain: a failure is reported when it changes, not at every poll. */
  #unreadable: DomainFailureKind | undefined;

  constructor(device: BmcDevice, emit: (effect: Effect) => void) {
    this.#device = device;
    this.#emit = emit;
    this.#reports = new DomainReports(device);
  }

  /** Whether nothing waits for time to pass. */
  get isIdle(): boolean {
    return this.actions.isIdle && !bootFlagsCountDown(this.#device.bootOptions);
  }

  /** Starts an action for a request, or lets it share one that is under way. */
  request(action: DomainAction, waiter: Waiter, now: number): 'shared' | 'busy' | 'started' {
    const begun = this.#begin(action, waiter, now);
    if (typeof begun === 'string') return begun;
    const { busyWith } = begun;
    const isTold = busyWith !== undefined && isChange(action);
    const refusal = isTold ? refusalEvent(busyWith, action, waiter) : undefined;
    if (refusal !== undefined) this.#emit({ kind: 'event', event: refusal });
    return 'busy';
  }

  /** Starts an action for the BMC itself; `cause` is for its event. */
  start(action: DomainAction, now: number, cause?: string): void {
    this.#begin(action, undefined, now, cause);
  }

  /** Powers the domain up for the BMC itself; after the change under way, if there is one. */
  powerUp(cause: string, now: number): void {
    this.#duePowerUp.add(cause, now);
    this.#followUp(now);
  }

  /** The watchdog timer has expired: does what it was set to; likewise. `isKnown`: an earlier worker has reported it. */
  takeWatchdog({ isKnown, ...expiry }: WatchdogExpiry & { readonly isKnown: boolean }, now: number): void {
    if (!isKnown) this.#emit({ kind: 'event', event: watchdogEvent(expiry) });
    this.#dueWatchdog.add(expiry);
    this.#followUp(now);
  }

  /** Starts the domain that an earlier change has switched off; likewise. */
  finishStart(start: OwedStart, now: number): void {
    this.#dueOwedStart.add(start);
    this.#followUp(now);
  }

  /** Reads what is unknown, now and whenever libvirt seems to answer again. */
  inspect(now: number): void {
    this.#readsUnknown = true;
    this.#readUnknown(now);
  }

  /** Takes the boot flags of the domain's definition, unless a change of this BMC may have replaced that meanwhile. */
  takeBootFlags(bootFlags: BootFlags | undefined, now: number): void {
    if (this.#device.bootFlagsAreKnown) return;
    if (this.actions.change === undefined) this.#device.learnBootFlags(bootFlags);
    else this.inspect(now);
  }

  takeUuid(uuid: string, now: number): void {
    const { bootFlagsAreKnown } = this.#device;
    this.#device.learnUuid(uuid);
    // Another domain has the name now.
    if (bootFlagsAreKnown && !this.#device.bootFlagsAreKnown) this.#readAgain(now);
  }

  /** Takes a report of the domain watch: the definition was written or removed. */
  takeDefinitionChange(now: number): void {
    this.actions.outdateReads();
    if (!this.#definitionReports.take(this.actions.change !== undefined, now)) return;
    this.#device.news.add();
    this.#device.doubtDefinition();
    this.#readAgain(now);
  }

  /** The supervisor has said something. */
  hear(now: number): void {
    this.#device.domain.hear(now);
  }

  /** The domain watch does not report changes any more. */
  distrust(): void {
    this.#definitionReports.forget();
    this.#device.doubtDefinition();
    this.#device.domain.distrust();
  }

  /** Takes a report of the domain watch. */
  takeState(report: DomainReport, now: number): void {
    // What was read before the watch reported changes may have changed since.
    if (!this.#device.domain.isWatched(now)) {
      this.#device.doubtBootFlags();
      this.#definitionReports.begin(this.actions.change !== undefined);
    }
    this.#reports.take(report, this.actions.change, now);
    this.#followUp(now);
    if (this.#readsUnknown) this.#readUnknown(now);
  }

  /** An action has ended: applies its outcome, answers its waiters, reports it and starts what follows. */
  finish(id: number, outcome: DomainActionOutcome, now: number): void {
    const finished = this.actions.finish(id, outcome, now);
    if (finished === undefined) return;
    this.#noteStart();
    if (!finished.outdated) applyOutcome(this.#device, finished.action, outcome, now);
    if (!this.#device.bootOptions.flags.valid) this.#repeatedFailures.forget('setBootFlags');
    for (const waiter of finished.waiters) waiter.answer(waiter.conclude(outcome), now);
    this.#noteWrites(finished.action, outcome, now);
    // A check that fails has changed nothing: the domain cannot be read.
    const isRead = !isChange(finished.action) || (isCheck(finished.cause) && !outcome.ok);
    if (isRead) this.#reportReadability(outcome);
    else this.#reportChange(finished, outcome, now);
    this.#dueOwedStart.takeEnd(finished, outcome);
    this.#dueWatchdog.takeEnd(finished, outcome);
    if (outcome.ok && finished.action.kind === 'readDomainState') this.#readUnknown(now);
    this.#followUp(now);
  }

  expire(now: number): void {
    this.actions.expire(now);
    if (!bootFlagsHaveExpired(this.#device.bootOptions, now)) return;
    // The definition may carry another program's override by now, which has not expired.
    if (this.#device.bootFlagsAreKnown)
      this.start({ kind: 'setBootFlags', bootFlags: noBootFlags }, now, BOOT_OVERRIDE_EXPIRED);
    else this.start({ kind: 'recoverBootOverride' }, now, DEFINITION_CHANGED);
  }

  #noteStart(): void {
    this.#device.domain.isStarting = startingControl(this.actions.change) !== undefined;
  }

  #begin(
    action: DomainAction,
    waiter: Waiter | undefined,
    now: number,
    cause?: string,
  ): 'shared' | 'started' | Busy {
    const joined = this.actions.join(action, waiter, now, cause);
    if (joined === 'shared' || 'busyWith' in joined) return joined;
    if (isPowerOff(action)) this.#dueOwedStart.callOff();
    for (const { id } of joined.calledOff) this.#callOff(id, now);
    this.#emit({ kind: 'domainAction', id: joined.started.id, action, origin: originOf(joined.started) });
    this.#noteStart();
    return 'started';
  }

  /** Ends a change that a power off overtakes. What it has done up to now stays. */
  #callOff(id: number, now: number): void {
    this.#emit({ kind: 'callOffAction', id });
    this.finish(id, calledOff, now);
    // It may have set, announced or used up an override.
    this.#device.doubtBootFlags();
    this.#readsUnknown = true;
    this.#reports.checkBootOverride(FIRST_CHECK);
  }

  #readAgain(now: number): void {
    this.#reports.checkBootOverride(DEFINITION_CHANGED);
    this.#followUp(now);
  }

  #noteWrites(action: DomainAction, outcome: DomainActionOutcome, now: number): void {
    if (outcome.ok && outcome.facts.bootOverrideIsUsedUp) this.#reports.checkBootOverride(DEFINITION_CHANGED);
    if (!isChange(action)) return;
    const written = outcome.ok ? (outcome.facts.definitionsWritten ?? 0) : 0;
    if (!this.#definitionReports.endChange(written, now)) return;
    this.#device.doubtDefinition();
    this.#readAgain(now);
  }

  #followUp(now: number): void {
    if (this.actions.change !== undefined) return;
    const owed = this.#dueOwedStart.next();
    if (owed !== undefined) {
      this.start(owed, now);
      return;
    }
    const next = this.#dueWatchdog.next() ?? this.#duePowerUp.next() ?? this.#reports.nextFollowUp(now);
    if (next !== undefined) this.start(next.action, now, next.cause);
  }

  #readUnknown(now: number): void {
    const { guidIsKnown, bootFlagsAreKnown } = this.#device;
    if (!guidIsKnown) this.start({ kind: 'readUuid' }, now);
    const isChecking = this.actions.change?.kind === 'recoverBootOverride';
    if (!bootFlagsAreKnown && !isChecking) this.#reports.checkBootOverride(FIRST_CHECK);
    this.#followUp(now);
  }

  #reportChange(finished: RunningAction, outcome: DomainActionOutcome, now: number): void {
    const attempt = this.#repeatedFailures.take(finished, outcome);
    if (attempt === 'repeats') return;
    const isTrifle = isFollowUp(finished.action) && outcome.ok && !didSomething(outcome.facts);
    if (isTrifle && attempt !== 'ends') return;
    const superseded = this.#duePowerUp.takeEnd(finished, now);
    for (const event of [...finishedEvents(finished, outcome, now), ...superseded])
      this.#emit({ kind: 'event', event });
  }

  #reportReadability(outcome: DomainActionOutcome): void {
    const kind = outcome.ok ? undefined : outcome.failure.kind;
    if (kind === this.#unreadable) return;
    this.#unreadable = kind;
    if (!outcome.ok)
      this.#emit({ kind: 'event', event: { kind: 'domainUnreadable', failure: outcome.failure } });
  }
}
