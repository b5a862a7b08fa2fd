/**
 * What a guest causes in an event log, by rebooting or crashing again and again. It must not push out what others want to read, so each
 * kind has a share: a burst, and after that few in an hour. Pure.
 */
import { TokenBucket, type LogFact } from '@vbmc/bmc-worker/ipc';
import { Quota } from '../log/log-quota.ts';

/** Records of one kind at once, and seconds for another one: 96 a day of 512 that fit. */
const BURST = 64;
const SECONDS_PER_RECORD = 900;
const LINE_EVERY_MS = 3_600_000;

type Kind = 'reboot' | 'osStop' | 'watchdog' | 'memoryFailure' | 'diskFault';

export class GuestFacts {
  readonly #buckets = new Map<Kind, TokenBucket>();
  /** Whether the log has a disk fault that is not over. */
  #isDiskFaultLogged = false;
  #missed = 0;
  readonly #lines = new Quota(1, LINE_EVERY_MS);

  /** How many facts were left out that nobody was told of; 0 while that is not to be told yet. */
  takeMissed(nowMs: number): number {
    const missed = this.#missed;
    if (missed === 0 || !this.#lines.take(nowMs).granted) return 0;
    this.#missed = 0;
    return missed;
  }

  /** Whether the fact is to be recorded. */
  admits(fact: LogFact, nowMs: number): boolean {
    const kind = kindOf(fact);
    if (kind === undefined) return true;
    if (fact.kind === 'diskFault') {
      // The end of one that was recorded always is, and of another one never.
      if (fact.isOver === true) return this.#endDiskFault();
      this.#isDiskFaultLogged = this.#take(kind, nowMs);
      return this.#isDiskFaultLogged;
    }
    return this.#take(kind, nowMs);
  }

  #endDiskFault(): boolean {
    const wasLogged = this.#isDiskFaultLogged;
    this.#isDiskFaultLogged = false;
    return wasLogged;
  }

  #take(kind: Kind, nowMs: number): boolean {
    const bucket = this.#buckets.get(kind) ?? new TokenBucket(BURST, 1 / SECONDS_PER_RECORD, nowMs);
    this.#buckets.set(kind, bucket);
    const isTaken = bucket.take(nowMs, 1);
    if (!isTaken) this.#missed += 1;
    return isTaken;
  }
}

/** `undefined`: no guest causes it alone. */
function kindOf(fact: LogFact): Kind | undefined {
  switch (fact.kind) {
    case 'booted':
      return fact.by === 'guest' ? 'reboot' : undefined;
    case 'osStopped':
      return 'osStop';
    case 'watchdog':
    case 'memoryFailure':
    case 'diskFault':
      return fact.kind;
    default:
      return undefined;
  }
}
