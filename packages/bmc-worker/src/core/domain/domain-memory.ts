import type { DomainState } from '../terms/domain-action.ts';
import { isPoweredOn } from './power-state.ts';

/**
 * How late an event may arrive without being out of order: events pass libvirt, the supervisor's `virsh event` and the
 * supervisor, while a read-back comes straight from `virsh domstate`.
 */
export const SETTLE_MS = 1_000;

interface Known {
  readonly state: DomainState;
  readonly at: number;
}

function isSettling(readBack: Known, now: number): boolean {
  return now - readBack.at < SETTLE_MS;
}

/**
 * The domain's state as remembered: pushed by the supervisor's domain watch, read back by this BMC's own changes.
 *
 * The two arrive by different ways, so a push that comes after a read-back may report something older: the "stopped" of a
 * power cycle that has already started the domain again. Hence these rules, in this order:
 *
 * 1. Nothing was pushed, or the watch is not trusted: the state is unknown.
 * 2. There is no read-back, or it agrees with the last push: the push counts.
 * 3. They contradict each other, `SETTLE_MS` have passed since the read-back, and the last push came after it: the push
 *    counts. If it were older, a push of the state that was read back would have followed by then.
 * 4. They contradict each other otherwise: the state is unknown, and a handler that needs it asks libvirt.
 */
export class DomainMemory {
  #pushed: Known | undefined;
  #readBack: Known | undefined;
  #lastKnownOn: boolean | undefined;

  push(state: DomainState, now: number): void {
    this.#pushed = { state, at: now };
    this.#lastKnownOn = isPoweredOn[state];
  }

  /** The watch has lost its connection: the pushed state may be wrong by now. */
  distrust(): void {
    this.#pushed = undefined;
  }

  /** A change by this BMC has read the state back. */
  readBack(state: DomainState, now: number): void {
    this.#readBack = { state, at: now };
    this.#lastKnownOn = isPoweredOn[state];
  }

  /** Undefined if only libvirt can tell. `since`: when the watch last reported the state. */
  recall(now: number): { readonly state: DomainState; readonly since: number } | undefined {
    const pushed = this.#pushed;
    const readBack = this.#readBack;
    if (pushed === undefined) return undefined;
    if (readBack !== undefined && isPoweredOn[readBack.state] !== isPoweredOn[pushed.state]) {
      if (isSettling(readBack, now) || pushed.at <= readBack.at) return undefined;
    }
    return { state: pushed.state, since: pushed.at };
  }

  /** Whether the watch reports changes. */
  get isWatched(): boolean {
    return this.#pushed !== undefined;
  }

  /** Whether a push that arrives now may report a start or reset by this BMC. */
  hasJustComeOn(now: number): boolean {
    const readBack = this.#readBack;
    return readBack !== undefined && isPoweredOn[readBack.state] && isSettling(readBack, now);
  }

  /** What was last known, however long ago. */
  get lastKnownOn(): boolean | undefined {
    return this.#lastKnownOn;
  }
}
