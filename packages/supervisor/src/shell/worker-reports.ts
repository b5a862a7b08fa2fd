/** What one worker tells and prints, on its way into log, history and metrics. */
import type { BmcEvent, WorkerMessage } from '@vbmc/bmc-worker/ipc-protocol';
import type { BmcHistory } from '../core/bmc-history.ts';
import { describeEvent, factsOf } from '../core/event-text.ts';
import type { LogLevel } from '../core/event-text.ts';
import type { Meter } from '../core/meter.ts';
import { printable } from '../core/printable.ts';
import { Quota } from '../core/quota.ts';
import type { Clock } from './clock.ts';
import type { Log, LogFields } from './log.ts';

const LINES_PER_MINUTE = 100;
const MINUTE_MS = 60_000;

/** What anybody on the network can cause. */
const STRANGERS_CAN: ReadonlySet<BmcEvent['kind']> = new Set([
  'sessionRefused',
  'loginAbandoned',
  'loginLockedOut',
]);

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
  #malformedDatagrams = 0;
  /** As far as known: exact with each sign of life, kept up by events in between. */
  activeSessions = 0;

  constructor(options: WorkerReportsOptions) {
    this.#options = options;
  }

  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.#options.log(level, message, { bmc: this.#options.bmc, ...fields });
  }

  event(event: BmcEvent): void {
    const { bmc, clock, history, meter } = this.#options;
    history.addEvent(event, clock.date().toISOString());
    meter.event(bmc, event);
    if (event.kind === 'sessionOpened') this.activeSessions += 1;
    if (event.kind === 'sessionClosed') this.activeSessions = Math.max(0, this.activeSessions - 1);
    const { level, message } = describeEvent(event);
    const fields = { event: event.kind, ...factsOf(event) };
    // Anybody on the network can be refused, as often as they like.
    if (STRANGERS_CAN.has(event.kind)) this.#logWithin(this.#refusalQuota, level, message, fields);
    else this.log(level, message, fields);
  }

  virshCall(call: Extract<WorkerMessage, { type: 'virshCall' }>): void {
    const { clock, history, meter } = this.#options;
    history.addVirshCall(call, clock.date().toISOString());
    meter.virshCall(call.verb, call.durationMs, call.outcome);
  }

  signOfLife(pong: Extract<WorkerMessage, { type: 'pong' }>): void {
    const { bmc, meter } = this.#options;
    this.activeSessions = pong.activeSessions;
    meter.malformedDatagrams(bmc, Math.max(0, pong.malformedDatagrams - this.#malformedDatagrams));
    this.#malformedDatagrams = pong.malformedDatagrams;
  }

  outputLine(line: string): void {
    this.#logWithin(this.#outputQuota, 'warn', `worker says: ${printable(line, 500)}`);
  }

  unknownMessage(): void {
    this.#logWithin(this.#outputQuota, 'warn', 'worker sent a message of unknown shape: dropped');
  }

  /** The worker has gone, and with it its sessions; its successor counts from 0. */
  workerGone(): void {
    this.activeSessions = 0;
    this.#malformedDatagrams = 0;
  }

  #logWithin(quota: Quota, level: LogLevel, message: string, fields?: LogFields): void {
    const turn = quota.take(this.#options.clock.now());
    if (!turn.granted) return;
    if (turn.missed > 0) this.log(level, `${turn.missed} lines like the next one were left out`);
    this.log(level, message, fields);
  }
}
