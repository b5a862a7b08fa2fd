/** What one worker tells and prints, on its way into log, history and metrics. */
import type { BmcEvent, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { BmcHistory } from './bmc-history.ts';
import { describeEvent, factsOf } from './event-text.ts';
import type { LogLevel } from '../log/log-level.ts';
import type { Meter, StrangerCounts } from './meter.ts';
import { printable } from '../text/printable.ts';
import { Quota } from '../log/log-quota.ts';
import type { Clock } from '../host/clock.ts';
import type { Log, LogFields } from '../log/log.ts';

const LINES_PER_MINUTE = 100;
const MINUTE_MS = 60_000;

/** What anybody on the network can cause. */
const strangersCan: ReadonlySet<BmcEvent['kind']> = new Set([
  'sessionRefused',
  'loginAbandoned',
  'loginLockedOut',
]);

function mapCounts(value: (name: keyof StrangerCounts) => number): StrangerCounts {
  return {
    malformedDatagrams: value('malformedDatagrams'),
    oversizedDatagrams: value('oversizedDatagrams'),
    rateLimitedDatagrams: value('rateLimitedDatagrams'),
    notAllowedDatagrams: value('notAllowedDatagrams'),
    refusedLogins: value('refusedLogins'),
    lockouts: value('lockouts'),
  };
}

const noCounts = mapCounts(() => 0);

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
  #counts = noCounts;
  halfOpenSessions = 0;
  lockedOutLogins = 0;
  #omitted = 0;
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
    if ('omitted' in event && typeof event.omitted === 'number') this.#omitted += event.omitted;
    if (strangersCan.has(event.kind)) this.#logWithin(this.#refusalQuota, level, message, fields);
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
    this.halfOpenSessions = pong.halfOpenSessions;
    this.lockedOutLogins = pong.lockedOutLogins;
    const counts = mapCounts((name) => pong[name]);
    const before = this.#counts;
    this.#counts = counts;
    meter.strangers(
      bmc,
      mapCounts((name) => Math.max(0, counts[name] - before[name])),
    );
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
    this.halfOpenSessions = 0;
    this.lockedOutLogins = 0;
    this.#counts = noCounts;
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
