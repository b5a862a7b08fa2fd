import type { SessionRefusedEvent } from '../terms/bmc-event.ts';
import { limits } from '../terms/limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Refusals, which an unauthenticated sender can cause without limit. All are counted; only as many are passed on as an
 * operator needs to see, so that an attacker cannot flood the supervisor, which serves all BMCs, through one of them.
 */
export class UnauthenticatedEvents {
  readonly #emit: (event: SessionRefusedEvent) => void;
  #bucket: TokenBucket | undefined;
  #omitted = 0;
  /** Logins that were refused or abandoned. */
  refusedLogins = 0;
  lockouts = 0;

  constructor(emit: (event: SessionRefusedEvent) => void) {
    this.#emit = emit;
  }

  /** Whether the event was passed on. */
  report(event: SessionRefusedEvent, now: number): boolean {
    this.refusedLogins += 1;
    const { burst, perSecond } = limits.unauthenticatedEvents;
    this.#bucket ??= new TokenBucket(burst, perSecond, now);
    if (!this.#bucket.take(now)) {
      this.#omitted += 1;
      return false;
    }
    this.#emit(this.#omitted > 0 ? { ...event, omitted: this.#omitted } : event);
    this.#omitted = 0;
    return true;
  }
}
