/** Failed logins in an event log. Strangers cause them, and must not fill it: the first of a burst, and few bursts. Pure. */
import { TokenBucket, type BmcEvent, type LogFact } from '@vbmc/bmc-worker/ipc';

/** A burst ends when nothing has failed for so long. */
const QUIET_MS = 600_000;
/** Records at once, and seconds for another one: twelve a day of 512 that fit. */
const BURST = 8;
const SECONDS_PER_RECORD = 7_200;

/** The reasons for which a password, or the name, was wrong. */
const wrong: ReadonlySet<string> = new Set([
  'invalidIntegrityCheckValue',
  'wrongPassword',
  'unknownUser',
  'unauthorizedName',
]);

export class LoginFacts {
  readonly #bucket: TokenBucket;
  readonly #lastAtMs = { loginsFail: -Infinity, loginsLockedOut: -Infinity };

  constructor(nowMs: number) {
    this.#bucket = new TokenBucket(BURST, 1 / SECONDS_PER_RECORD, nowMs);
  }

  take(event: BmcEvent, nowMs: number): readonly LogFact[] {
    if (event.kind === 'loginLockedOut') return this.#once('loginsLockedOut', nowMs);
    const isFailure =
      event.kind === 'loginAbandoned' || (event.kind === 'sessionRefused' && wrong.has(event.reason));
    return isFailure ? this.#once('loginsFail', nowMs) : [];
  }

  #once(kind: 'loginsFail' | 'loginsLockedOut', nowMs: number): readonly LogFact[] {
    const isBurst = nowMs - this.#lastAtMs[kind] < QUIET_MS;
    this.#lastAtMs[kind] = nowMs;
    return isBurst || !this.#bucket.take(nowMs, 1) ? [] : [{ kind }];
  }
}
