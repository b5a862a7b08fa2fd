import type { UnauthenticatedEvent } from '../terms/bmc-event.ts';
import { limits } from '../terms/limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Events that an unauthenticated sender can trigger without limit. All are counted; only as many are passed on as an
 * operator needs to see, so that an attacker cannot flood the supervisor, which serves all BMCs, through one of them.
 */
export class UnauthenticatedEvents {
  readonly #emit: (event: UnauthenticatedEvent) => void;
  #bucket: TokenBucket | undefined;
  #omitted = 0;
  /** Logins that were refused or abandoned. */
  refusedLogins = 0;
  lockouts = 0;

  constructor(emit: (event: UnauthenticatedEvent) => void) {
    this.#emit = emit;
  }

  report(event: UnauthenticatedEvent, now: number): void {
    if (event.kind === 'loginLockedOut') this.lockouts += 1;
    else this.refusedLogins += 1;
    const { burst, perSecond } = limits.unauthenticatedEvents;
    this.#bucket ??= new TokenBucket(burst, perSecond, now);
    if (!this.#bucket.take(now)) {
      this.#omitted += 1;
      return;
    }
    this.#emit(this.#omitted > 0 ? { ...event, omitted: this.#omitted } : event);
    this.#omitted = 0;
  }
}
