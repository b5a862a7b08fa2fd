/** Joins one BMC's worker to its watchdog timer: the worker acts on the domain when it expires. */
import {
  WATCHDOG_TIMER,
  type BmcConfiguration,
  type BmcEvent,
  type DomainEvent,
  type DomainFailureKind,
  type DomainState,
  type LogFact,
  type SupervisorMessage,
  type WatchdogExpiry,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { DomainUpdateSource } from '../domain-watch/domain-watches.ts';
import type { Subscription } from '../domain-watch/watch-subscribers.ts';
import type { WorkerReports } from '../status/worker-reports.ts';
import { watchdogRetriesMs } from '../supervision/watchdog-times.ts';
import { WatchdogTimer } from './watchdog-timer.ts';

type Message<Type> = Extract<WorkerMessage, { type: Type }>;

/** 2 bytes. */
const LONGEST_COUNTDOWN = 0xffff;

/** Nobody in the guest could start the countdown over. One that has crashed is what the timer is for. */
const nothingRuns: ReadonlySet<DomainState> = new Set([
  ...(['noState', 'shutOff', 'migratedAway', 'migrating'] as const),
  ...(['paused', 'pmsuspended', 'ioError'] as const),
]);

/** What the worker's events call what an expiry does. */
const actionNames: Readonly<Record<WatchdogExpiry['effect'], string>> = {
  none: 'no action',
  hardReset: 'power reset',
  powerDown: 'power off',
  powerCycle: 'power cycle',
  nmi: 'power diag',
};

/**
 * After these nothing is left to try: somebody has switched the domain off, or it is off, or it may have been reset, and must not be
 * reset again for what ran before.
 */
const endsAttempts: ReadonlySet<DomainFailureKind> = new Set([
  ...(['calledOff', 'invalidInPresentState', 'noteNotRemoved', 'connectionLost'] as const),
]);

type Finished = Extract<BmcEvent, { kind: 'domainActionFinished' }>;

/** What the worker has not done yet. */
interface Pending {
  readonly expiry: WatchdogExpiry;
  /** Whether a worker has reported it. */
  readonly isKnown: boolean;
  /** How often it has failed. */
  readonly failures: number;
}

export interface WatchdogLinkOptions {
  readonly clock: Clock;
  /** Without it the timer goes on whatever becomes of the domain. */
  readonly domainUpdates?: DomainUpdateSource;
  readonly configuration: () => BmcConfiguration;
  readonly send: (message: SupervisorMessage) => void;
  readonly reports: Pick<WorkerReports, 'log'>;
  /** Adds to the event log; without it there is none. */
  readonly record?: (fact: LogFact) => void;
}

/** Of what a worker has not reported yet: a timer that is set anew all the time must not fill vbmcd's memory. */
const MOST_PENDING = 4;

export class WatchdogLink {
  readonly #options: WatchdogLinkOptions;
  readonly #timer: WatchdogTimer;
  #subscription: Subscription | undefined;
  #pending: readonly Pending[] = [];
  #isOpen = false;

  constructor(options: WatchdogLinkOptions) {
    this.#options = options;
    this.#timer = new WatchdogTimer(options.clock, (expiry) => {
      this.#expired(expiry);
    });
  }

  /** What it has last done since it was set. */
  get last(): WatchdogExpiry['effect'] | 'notExpired' {
    return this.#timer.state().lastExpiry ?? 'notExpired';
  }

  set({ type, requestId, dontLog, dontStop, ...rest }: Message<'watchdogSet'>): void {
    if (rest.initialCountdown > LONGEST_COUNTDOWN) {
      this.#options.send({ type: 'deviceAnswered', requestId, failure: `${type} has no such countdown` });
      return;
    }
    this.#timer.set({ ...rest, dontLog: dontLog === true, dontStop: dontStop === true });
    this.#pending = [];
    this.#follow();
    this.#answer(requestId);
  }

  start({ requestId }: Message<'watchdogStart'>): void {
    // Who starts it is alive: what has failed so far is not due any more.
    this.#pending = this.#pending.filter(({ failures }) => failures === 0);
    if (this.#timer.start()) this.#answer(requestId);
    else this.#options.send({ type: 'deviceAnswered', requestId });
    this.#follow();
  }

  read({ requestId }: Message<'watchdogRead'>): void {
    this.#answer(requestId);
  }

  /** A worker is ready: it gets what its predecessor has not done. */
  open(): void {
    this.#isOpen = true;
    for (const one of this.#pending) this.#tell(one.expiry, one.isKnown);
  }

  close(): void {
    this.#isOpen = false;
  }

  /** The BMC has stopped for good, or for a change of its configuration. */
  end(): void {
    this.#timer.stop();
    this.#pending = [];
    this.#follow();
  }

  /** Takes events of the worker. */
  noteEvents(events: readonly BmcEvent[]): void {
    for (const event of events) {
      if (event.kind === 'watchdogExpired')
        this.#pending = this.#pending.flatMap((one) => {
          if (one.expiry.effect !== event.effect) return [one];
          return event.effect === 'none' ? [] : [{ ...one, isKnown: true }];
        });
      if (event.kind === 'domainActionFinished' && event.user === '' && event.source === WATCHDOG_TIMER)
        this.#ended(event);
    }
    this.#follow();
  }

  #expired(expiry: WatchdogExpiry): void {
    const { use, effect, hasNmi, dontLog } = expiry;
    if (!dontLog)
      this.#options.record?.({ kind: 'watchdogTimer', use, effect, ...(hasNmi && { hasNmi: true }) });
    this.#pending = [...this.#pending, { expiry, isKnown: false, failures: 0 }].slice(-MOST_PENDING);
    if (this.#isOpen) this.#tell(expiry, false);
    this.#follow();
  }

  /** The worker has done what an expiry asks for, or has failed. What was due before that is over, too. */
  #ended({ description, failure }: Finished): void {
    const found = this.#pending.findIndex(({ expiry }) => actionNames[expiry.effect] === description);
    const at = Math.max(0, found);
    const ended = this.#pending[at];
    this.#pending = this.#pending.slice(at + 1);
    // The NMI is not worth another attempt: the expiry follows.
    if (failure === undefined || ended === undefined || ended.expiry.effect === 'nmi') return;
    if (!endsAttempts.has(failure.kind)) this.#tryAgain({ ...ended, failures: ended.failures + 1 });
  }

  #tryAgain(failed: Pending): void {
    const { clock, record, reports } = this.#options;
    const { expiry, failures } = failed;
    if (failures === 1) record?.({ kind: 'watchdogActionFailed' });
    const pauseMs = watchdogRetriesMs[failures - 1];
    const what = `watchdog timer: ${actionNames[expiry.effect]}`;
    if (pauseMs === undefined) {
      reports.log('error', `${what} has failed ${failures} times: given up`, {
        event: 'watchdogActionGivenUp',
      });
      return;
    }
    reports.log('warn', `${what} has failed; the next attempt is in ${pauseMs / 1000} s`, {
      event: 'watchdogActionRetried',
    });
    this.#pending = [failed, ...this.#pending];
    clock.after(pauseMs, () => {
      if (this.#isOpen && this.#pending.includes(failed)) this.#tell(expiry, true);
    });
  }

  #tell(expiry: WatchdogExpiry, isKnown: boolean): void {
    this.#options.send({ type: 'watchdogExpired', ...expiry, isKnown });
  }

  #answer(requestId: number): void {
    this.#options.send({ type: 'deviceAnswered', requestId, watchdog: this.#timer.state() });
  }

  /** Watches the domain for as long as the timer runs, or something is to be done to it. */
  #follow(): void {
    const isWanted = this.#timer.isRunning || this.#pending.length > 0;
    if (!isWanted) {
      this.#subscription?.end();
      this.#subscription = undefined;
      return;
    }
    if (this.#subscription !== undefined) return;
    const { domainName, connectionUri, libvirtAuthFile } = this.#options.configuration();
    this.#subscription = this.#options.domainUpdates?.subscribe(connectionUri, {
      ...{ domainName, libvirtAuthFile },
      takeUnanswered: () => undefined,
      takeAllUnanswered: () => undefined,
      takeDefinitionChange: () => undefined,
      take: (known, event) => {
        this.#takeState(known?.domainState, event);
      },
    });
    // What the watch knew already may have ended it.
    if (!this.#timer.isRunning && this.#pending.length === 0) this.#follow();
  }

  /** A machine that has started anew must not be reset for what ran before. */
  #takeState(domainState: DomainState | undefined, event: DomainEvent | undefined): void {
    const hasEnded = domainState !== undefined && nothingRuns.has(domainState);
    if (event === undefined && !hasEnded) return;
    this.#timer.stop();
    // A worker that waits has got them, and sees the same.
    this.#pending = this.#pending.filter(({ expiry, isKnown }) => expiry.effect === 'none' && !isKnown);
    this.#follow();
  }
}
