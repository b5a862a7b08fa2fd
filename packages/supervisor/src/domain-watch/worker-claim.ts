/**
 * One worker says that libvirt owes it an answer about its domain. While that counts the watch takes no snapshot, so it counts
 * only for some time: a worker that says it for ever must not keep the watch of the whole connection from its snapshots.
 */
import type { Clock } from '../host/clock.ts';
import { WORKER_CLAIM_MS } from '../supervision/supervision-times.ts';
import type { UnansweredDomains } from './unanswered-domains.ts';
import type { WatchSubscriber } from './watch-subscribers.ts';

export interface WorkerClaimListener {
  /** It counts from now on. */
  begins(verb: string, forMs: number): void;
  /** The worker has its answer. */
  ends(): void;
  /** It has counted long enough: the watch has to ask libvirt itself. */
  expires(): void;
}

export class WorkerClaim {
  readonly #clock: Clock;
  readonly #listener: WorkerClaimListener;
  #leftMs = WORKER_CLAIM_MS;
  #begunAtMs: number | undefined;
  #endedAtMs = -Infinity;
  #cancelExpiry = (): void => undefined;

  constructor(clock: Clock, listener: WorkerClaimListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  begin(verb: string, forMs: number): void {
    const now = this.#clock.now();
    if (this.#begunAtMs !== undefined) return;
    // Claims in quick succession count as one.
    if (now - this.#endedAtMs >= WORKER_CLAIM_MS) this.#leftMs = WORKER_CLAIM_MS;
    if (this.#leftMs <= 0) {
      // Only a worker that has made no claim for some time is believed again.
      this.#endedAtMs = now;
      return;
    }
    this.#begunAtMs = now;
    this.#cancelExpiry = this.#clock.after(this.#leftMs, () => {
      this.#close();
      this.#listener.expires();
    });
    this.#listener.begins(verb, forMs);
  }

  end(): void {
    if (this.#begunAtMs === undefined) return;
    this.#close();
    this.#listener.ends();
  }

  #close(): void {
    const now = this.#clock.now();
    this.#cancelExpiry();
    this.#leftMs -= now - (this.#begunAtMs ?? now);
    this.#begunAtMs = undefined;
    this.#endedAtMs = now;
  }
}

/** What the worker of a subscriber says about its domain. */
export function claimOf(
  subscriber: WatchSubscriber,
  unanswered: UnansweredDomains,
  clock: Clock,
): WorkerClaim {
  const { domainName } = subscriber;
  return new WorkerClaim(clock, {
    begins: (verb, forMs) => {
      unanswered.owe(domainName, subscriber, verb, forMs);
    },
    ends: () => {
      unanswered.settle(domainName, subscriber);
    },
    expires: () => {
      unanswered.expire(domainName, subscriber);
    },
  });
}
