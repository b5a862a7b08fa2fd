import type { DomainState } from '../terms/domain-action.ts';
import { limits } from '../terms/limits.ts';
import { isPoweredOn, tellsSame } from './power-state.ts';

/**
 * How late an event may arrive without being out of order: events pass libvirt, the supervisor's `virsh event` and the
 * supervisor, while a read-back comes straight from `virsh domstate`.
 */
export const SETTLE_MS = 1_000;

interface Known {
  readonly state: DomainState;
  readonly at: number;
}

/**
 * The domain's state as remembered: pushed by the supervisor's domain watch, read back by this BMC's own changes.
 *
 * The two arrive by different ways, so a push that comes after a read-back may report something older: the "stopped" of a
 * power cycle that has already started the domain again. Hence these rules, in this order:
 *
 * 1. Nothing was pushed, the watch is not trusted, the push is too old, or it says off while this BMC starts the domain or a
 *    start may still come through: the state is unknown.
 * 2. There is no read-back, or it agrees with the last push: the push counts.
 * 3. They contradict each other, `SETTLE_MS` have passed since the read-back, and the last push came after it: the push
 *    counts. If it were older, a push of the state that was read back would have followed by then.
 * 4. They contradict each other otherwise: the state is unknown, and a handler that needs it asks libvirt.
 */
export class DomainMemory {
  #pushed: Known | undefined;
  #readBack: Known | undefined;
  #lastKnownOn: boolean | undefined;
  /** The newest of what was pushed, read back and read. A push that may be older than the read-back does not count. */
  #latest: DomainState | undefined;
  /** When the supervisor last said anything. */
  #heardAt = -Infinity;

  /**
   * The supervisor has said something. After a silence it may have been frozen, and the state be another one since: only the next
   * push counts.
   */
  hear(now: number): void {
    if (now - this.#heardAt >= limits.supervisorSilenceMs) this.#pushed = undefined;
    this.#heardAt = now;
  }

  /**
   * Whether a change of this BMC is under way that may start the domain. libvirt reports a start when it is complete, which may
   * take minutes, and the domain is on from the moment at which it begins.
   */
  isStarting = false;
  #mayComeOn = false;

  /** A start was not complete in time, by whomever: until the next report only libvirt can tell that the domain is still off. */
  expectStart(): void {
    this.#mayComeOn = true;
  }

  push(state: DomainState, now: number): void {
    this.#mayComeOn = false;
    this.#pushed = { state, at: now };
    this.#heardAt = now;
    this.#lastKnownOn = isPoweredOn[state];
    if (!this.#contradict || !this.isSettling(now)) this.#latest = state;
  }

  /** The watch has lost its connection: the pushed state may be wrong by now. */
  distrust(): void {
    this.#pushed = undefined;
  }

  /** A change by this BMC has read the state back. */
  readBack(state: DomainState, now: number): void {
    this.#readBack = { state, at: now };
    this.#lastKnownOn = isPoweredOn[state];
    this.#latest = state;
  }

  /** A question has been answered with this state. Returns whether others have switched the domain since the last one was learnt. */
  read(state: DomainState): boolean {
    const before = this.#latest;
    this.#latest = state;
    if (before === undefined || before === state) return false;
    return isPoweredOn[before] !== isPoweredOn[state] || state === 'crashed' || state === 'migratedAway';
  }

  /** Undefined if only libvirt can tell. `since`: when the watch last reported the state. */
  recall(now: number): { readonly state: DomainState; readonly since: number } | undefined {
    const pushed = this.#pushed;
    const readBack = this.#readBack;
    if (pushed === undefined || !this.isWatched(now)) return undefined;
    if ((this.isStarting || this.#mayComeOn) && !isPoweredOn[pushed.state]) return undefined;
    if (readBack !== undefined && this.#contradict && (this.isSettling(now) || pushed.at <= readBack.at))
      return undefined;
    return { state: pushed.state, since: pushed.at };
  }

  /** Whether the watch reports changes: it has confirmed the state lately, and the supervisor is heard. */
  isWatched(now: number): boolean {
    return (
      this.#pushed !== undefined &&
      now - this.#pushed.at < limits.stateBelievedMs &&
      now - this.#heardAt < limits.supervisorSilenceMs
    );
  }

  /** Whether a change of this BMC has just read the state back, so that an older report may still be on its way. */
  isSettling(now: number): boolean {
    return this.#readBack !== undefined && now - this.#readBack.at < SETTLE_MS;
  }

  /** Whether the last report came after the last read-back, and says otherwise. */
  get contradictsReadBack(): boolean {
    const [pushed, readBack] = [this.#pushed, this.#readBack];
    return pushed !== undefined && readBack !== undefined && pushed.at >= readBack.at && this.#contradict;
  }

  /** Whether a push that arrives now may report a start or reset by this BMC. */
  hasJustComeOn(now: number): boolean {
    return this.#readBack !== undefined && isPoweredOn[this.#readBack.state] && this.isSettling(now);
  }

  /** What was last known, however long ago. */
  get lastKnownOn(): boolean | undefined {
    return this.#lastKnownOn;
  }

  /** The last report of the watch, unless that is not trusted any more. */
  get lastPushed(): DomainState | undefined {
    return this.#pushed?.state;
  }

  get #contradict(): boolean {
    const [pushed, readBack] = [this.#pushed, this.#readBack];
    return pushed !== undefined && readBack !== undefined && !tellsSame(readBack.state, pushed.state);
  }
}
