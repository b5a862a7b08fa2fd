/** Passes what one worker reports and prints on to log, history and metrics. */
import {
  bmcCounters,
  bmcGauges,
  noCounters,
  noGauges,
  unauthenticatedEventKinds,
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
import type { Clock } from '../host/clock.ts';
import type { Log, LogFields } from '../log/log.ts';

const LINES_PER_MINUTE = 100;
const MINUTE_MS = 60_000;

const rateLimitedKinds: ReadonlySet<BmcEvent['kind']> = new Set(unauthenticatedEventKinds);

export interface WorkerReportsOptions {
  readonly bmc: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly history: BmcHistory;
}

export class WorkerReports {
  readonly #options: WorkerReportsOptions;
  readonly #outputQuota = new Quota(LINES_PER_MINUTE, MINUTE_MS);
  readonly #refusalQuota = new Quota(LINES_PER_MINUTE, MINUTE_MS);
  #counters = noCounters;
  #gauges = noGauges;
  #omitted = 0;

  constructor(options: WorkerReportsOptions) {
    this.#options = options;
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
    const { level, message } = describeEvent(event);
    const fields = { event: event.kind, ...factsOf(event) };
    if ('omitted' in event) this.#omitted += event.omitted;
    if (rateLimitedKinds.has(event.kind)) this.#logWithin(this.#refusalQuota, level, message, fields);
    else this.log(level, message, fields);
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
    this.#gauges = noGauges;
    this.#counters = noCounters;
  }

  #countSession(change: number): void {
    const activeSessions = Math.max(0, this.#gauges.activeSessions + change);
    this.#gauges = { ...this.#gauges, activeSessions };
  }

  #logWithin(quota: Quota, level: LogLevel, message: string, fields?: LogFields): void {
    const turn = quota.take(this.#options.clock.now());
    if (!turn.granted) return;
    const missed = turn.missed + (quota === this.#refusalQuota ? this.#omitted : 0);
    if (quota === this.#refusalQuota) this.#omitted = 0;
    if (missed > 0) this.log(level, `${missed} lines like the next one were left out`);
    this.log(level, message, fields);
  }
}
