import type { UnauthenticatedEvent } from '../terms/bmc-event.ts';
import { limits } from '../terms/limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Events that anybody can cause as often as they like: so many are passed on that an operator sees what goes on, all
 * are counted. The supervisor, which has all BMCs on its hands, is not to be flooded through one of them.
 */
export class UnauthenticatedEvents {
  readonly #emit: (event: UnauthenticatedEvent) => void;
  #bucket: TokenBucket | undefined;
  #omitted = 0;
  /** Logins refused or given up. */
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
