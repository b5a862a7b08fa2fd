import type { DomainState } from '../terms/domain-action.ts';
import { isPoweredOn } from './power-state.ts';

/**
 * How much later than what it tells of an event may arrive and still be in order: events pass libvirt,
 * the supervisor's `virsh event` and the supervisor, a read-back comes straight from `virsh domstate`.
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
 * The domain's state as remembered: pushed by the supervisor's domain watch, read back by our own changes.
 *
 * The two reach us on different ways, so a push that came after a read-back may tell of something older: the
 * "stopped" of a power cycle that has already started the domain again. Hence the rule, in this order:
 *
 * 1. Nothing was pushed, or the watch is not trusted: not known.
 * 2. No read-back, or one that agrees with the last push: the push counts.
 * 3. They contradict each other, and `settleMs` after the read-back the last push is the later one: it counts.
 *    Were it older, the push of what was read back would have followed it by then.
 * 4. They contradict each other otherwise: not known. Whoever needs the state asks libvirt.
 */
export class DomainMemory {
  #pushed: Known | undefined;
  #readBack: Known | undefined;
  #lastKnownOn: boolean | undefined;

  push(state: DomainState, now: number): void {
    this.#pushed = { state, at: now };
    this.#lastKnownOn = isPoweredOn[state];
  }

  /** The watch has lost its connection: what was pushed may be wrong by now. */
  distrust(): void {
    this.#pushed = undefined;
  }

  /** What an own change of the domain read back last. */
  readBack(state: DomainState, now: number): void {
    this.#readBack = { state, at: now };
    this.#lastKnownOn = isPoweredOn[state];
  }

  /** Undefined: libvirt has to be asked. `since`: when the watch told it last. */
  recall(now: number): { readonly state: DomainState; readonly since: number } | undefined {
    const pushed = this.#pushed;
    const readBack = this.#readBack;
    if (pushed === undefined) return undefined;
    if (readBack !== undefined && isPoweredOn[readBack.state] !== isPoweredOn[pushed.state]) {
      if (isSettling(readBack, now) || pushed.at <= readBack.at) return undefined;
    }
    return { state: pushed.state, since: pushed.at };
  }

  /** Whether the watch tells of changes. */
  get isWatched(): boolean {
    return this.#pushed !== undefined;
  }

  /** Whether a push that arrives now may tell of a start or reset that was our own. */
  hasJustComeOn(now: number): boolean {
    const readBack = this.#readBack;
    return readBack !== undefined && isPoweredOn[readBack.state] && isSettling(readBack, now);
  }

  /** What was known last, be it long ago. */
  get lastKnownOn(): boolean | undefined {
    return this.#lastKnownOn;
  }
}
