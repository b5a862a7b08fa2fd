/** Passes what one worker reports and prints on to log, history and metrics. */
import {
  bmcCounters,
  bmcGauges,
  noCounters,
  noGauges,
  valuesByName,
  type BmcEvent,
  type BmcGauges,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';
import type { BmcHistory } from './bmc-history.ts';
import type { ViolationKind } from './channel-violation.ts';
import { describeEvent, factsOf } from './event-text.ts';
import type { LogLevel } from '../log/log-level.ts';
import type { Meter } from './meter.ts';
import { printable } from '../text/printable.ts';
import { Quota } from '../log/log-quota.ts';
import type { BmcLineBudget, LineKind, LogBudgets } from './log-budgets.ts';
import { FOLDED_MS, SessionFolds, type FoldedSessions, type SessionEvent } from './session-folds.ts';
import type { Clock } from '../host/clock.ts';
import type { Log, LogFields } from '../log/log.ts';

const OUTPUT_LINES_PER_MINUTE = 100;
const MINUTE_MS = 60_000;

/** The events whose lines clients cause at a rate of their own choice. */
const lineKinds: ReadonlyMap<BmcEvent['kind'], LineKind> = new Map<BmcEvent['kind'], LineKind>([
  ['sessionRefused', 'refusals'],
  ['loginAbandoned', 'guesses'],
  ['loginLockedOut', 'guesses'],
  ['sessionOpened', 'sessions'],
  ['sessionClosed', 'sessions'],
  ['reportsLost', 'sessions'],
]);

export interface WorkerReportsOptions {
  readonly bmc: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly logBudgets: LogBudgets;
  readonly meter: Meter;
  readonly history: BmcHistory;
}

export class WorkerReports {
  readonly #options: WorkerReportsOptions;
  readonly #outputQuota = new Quota(OUTPUT_LINES_PER_MINUTE, MINUTE_MS);
  readonly #budgets: Readonly<Record<LineKind, BmcLineBudget>>;
  readonly #sessionFolds = new SessionFolds();
  #cancelFolds: (() => void) | undefined;
  #counters = noCounters;
  #gauges = noGauges;
  /** Refusals that the worker has left out, and no line has told of yet. */
  #omitted = 0;

  constructor(options: WorkerReportsOptions) {
    const { logBudgets } = options;
    this.#options = options;
    this.#budgets = {
      refusals: logBudgets.forBmc('refusals'),
      guesses: logBudgets.forBmc('guesses'),
      sessions: logBudgets.forBmc('sessions'),
    };
  }

  /** Exact after each sign of life; events between two of them update the number of active sessions. */
  get gauges(): BmcGauges {
    return this.#gauges;
  }

  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.#options.log(level, message, { bmc: this.#options.bmc, ...fields });
  }

  event(event: BmcEvent): void {
    const { bmc, clock, history, meter } = this.#options;
    history.addEvent(event, clock.date().toISOString());
    meter.event(bmc, event);
    if (event.kind === 'sessionOpened') this.#countSession(1);
    if (event.kind === 'sessionClosed') this.#countSession(-1);
    if (event.kind === 'sessionRefused') this.#omitted += event.omitted ?? 0;
    if (event.kind === 'sessionOpened' || event.kind === 'sessionClosed') this.#foldSession(event);
    else this.#logEvent(event);
  }

  virshCall(call: Extract<WorkerMessage, { type: 'virshCall' }>): void {
    const { clock, history, meter } = this.#options;
    history.addVirshCall(call, clock.date().toISOString());
    meter.virshCall(call.verb, call.durationMs, call.outcome);
  }

  signOfLife(pong: Extract<WorkerMessage, { type: 'pong' }>): void {
    const { bmc, meter } = this.#options;
    this.#gauges = valuesByName(bmcGauges, (name) => pong[name]);
    const before = this.#counters;
    this.#counters = valuesByName(bmcCounters, (name) => pong[name]);
    meter.counters(
      bmc,
      valuesByName(bmcCounters, (name) => Math.max(0, pong[name] - before[name])),
    );
  }

  outputLine(line: string): void {
    this.#logWithin(this.#outputQuota, 'warn', `worker says: ${printable(line, 500)}`);
  }

  channelViolation(kind: ViolationKind, cause: string): void {
    this.log('error', cause, { event: 'channelViolation', violation: kind });
    this.#options.meter.channelViolation(this.#options.bmc, kind);
  }

  /** The worker's sessions have ended with it; its successor counts from 0. */
  workerGone(): void {
    this.#tellFolded(this.#sessionFolds.all(this.#options.clock.now()));
    this.#cancelFolds?.();
    this.#cancelFolds = undefined;
    this.#gauges = noGauges;
    this.#counters = noCounters;
  }

  #countSession(change: number): void {
    const activeSessions = Math.max(0, this.#gauges.activeSessions + change);
    this.#gauges = { ...this.#gauges, activeSessions };
  }

  #foldSession(event: SessionEvent): void {
    const { clock } = this.#options;
    const now = this.#sessionFolds.take(event, clock.now());
    if (now !== undefined) this.#logEvent(now);
    this.#cancelFolds ??= clock.after(FOLDED_MS, () => {
      this.#foldsDue();
    });
  }

  #foldsDue(): void {
    const { clock } = this.#options;
    this.#tellFolded(this.#sessionFolds.due(clock.now()));
    this.#cancelFolds = this.#sessionFolds.isEmpty
      ? undefined
      : clock.after(FOLDED_MS, () => {
          this.#foldsDue();
        });
  }

  #tellFolded(folded: readonly FoldedSessions[]): void {
    for (const { event, times } of folded) this.#logEvent(event, times);
  }

  /** `times`: how many events like this one the line stands for; none: it is this one alone. */
  #logEvent(event: BmcEvent, times?: number): void {
    const { level, message } = describeEvent(event);
    const fields = { event: event.kind, ...factsOf(event), ...(times !== undefined && { times }) };
    const text = times === undefined ? message : `${message}; ${times} times since the last such line`;
    const kind = lineKinds.get(event.kind);
    if (kind === undefined) this.log(level, text, fields);
    else this.#logWithin(this.#budgets[kind], level, text, fields);
  }

  #logWithin(quota: Quota | BmcLineBudget, level: LogLevel, message: string, fields?: LogFields): void {
    const turn = quota.take(this.#options.clock.now());
    if (!turn.granted) return;
    const missed = turn.missed + (quota === this.#budgets.refusals ? this.#omitted : 0);
    if (quota === this.#budgets.refusals) this.#omitted = 0;
    if (missed > 0) this.log(level, `${missed} lines like the next one were left out`);
    this.log(level, message, fields);
  }
}
