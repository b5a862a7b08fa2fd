import type { DomainState } from '../terms/domain-action.ts';
import { limits } from '../terms/limits.ts';
import { isPoweredOn, mayEndUnreported, tellsSame } from './power-state.ts';

/**
 * How late the report of a change by this BMC may arrive and still be taken for one: it passes libvirt, the supervisor's
 * `virsh event` and the supervisor.
 */
export const SETTLE_MS = 1_000;

interface Known {
  readonly state: DomainState;
  readonly at: number;
}

/** What the domain watch reports. */
export interface PushedState {
  readonly domainState: DomainState;
  /** When the question was asked that libvirt has answered with this state; absent: an event says so, or nobody knows. */
  readonly askedAt?: number;
}

/**
 * The domain's state as remembered: pushed by the supervisor's domain watch, and learnt by this BMC, which has read it or has read
 * it back after a change of its own.
 *
 * The two arrive by different ways, so a push that comes later may report something older: what libvirt said before the change, or
 * the "stopped" of a power cycle that has already started the domain again. The answer to a question is certainly newer if that was
 * asked after this BMC had learnt the state; how late an event is, nobody knows. Hence these rules, in this order:
 *
 * 1. Nothing was pushed, the watch is not trusted, the push is too old, or it says off while this BMC starts the domain or a
 *    start may still come through: the state is unknown.
 * 2. The push tells of a start that is under way, the failure of which no event reports: the state is unknown.
 * 3. The push contradicts what this BMC has learnt, and the watch has reported no answer to a later question: the state is unknown.
 * 4. Otherwise the push counts.
 *
 * A handler that needs an unknown state asks libvirt.
 */
export class DomainMemory {
  #pushed: Known | undefined;
  #readBack: Known | undefined;
  /** What this BMC has learnt itself, until the watch reports the answer to a later question. */
  #own: Known | undefined;
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
  /** Since when a start that was not complete in time may still come through. */
  #mayComeOnSince: number | undefined;

  /** A start was not complete in time, by whomever: until the next report only libvirt can tell that the domain is still off. */
  expectStart(now: number): void {
    this.#mayComeOnSince = now;
  }

  /** Returns false if the report says otherwise than what this BMC has learnt after the question that it answers. */
  push({ domainState: state, askedAt }: PushedState, now: number): boolean {
    this.#pushed = { state, at: now };
    this.#heardAt = now;
    const own = this.#own;
    if (own !== undefined && askedAt !== undefined && askedAt < own.at && !tellsSame(own.state, state))
      return false;
    if (own !== undefined && askedAt !== undefined && askedAt >= own.at) this.#own = undefined;
    if (this.#mayComeOnSince !== undefined && (askedAt ?? now) >= this.#mayComeOnSince)
      this.#mayComeOnSince = undefined;
    this.#lastKnownOn = isPoweredOn[state];
    if (!this.#contradict || !this.isSettling(now)) this.#latest = state;
    return true;
  }

  /** The watch has lost its connection: the pushed state may be wrong by now. */
  distrust(): void {
    this.#pushed = undefined;
  }

  /** A change by this BMC has read the state back. */
  readBack(state: DomainState, now: number): void {
    this.#readBack = { state, at: now };
    this.#own = this.#readBack;
    this.#lastKnownOn = isPoweredOn[state];
    this.#latest = state;
  }

  /** A question has been answered with this state. Returns whether others have switched the domain since the last one was learnt. */
  read(state: DomainState, now: number): boolean {
    this.#own = { state, at: now };
    const before = this.#latest;
    this.#latest = state;
    if (before === undefined || before === state) return false;
    return isPoweredOn[before] !== isPoweredOn[state] || state === 'crashed' || state === 'migratedAway';
  }

  /** Undefined if only libvirt can tell. `since`: when the watch last reported the state. */
  recall(now: number): { readonly state: DomainState; readonly since: number } | undefined {
    const [pushed, own] = [this.#pushed, this.#own];
    if (pushed === undefined || !this.isWatched(now)) return undefined;
    const mayComeOn = this.isStarting || this.#mayComeOnSince !== undefined;
    if (mayComeOn && !isPoweredOn[pushed.state]) return undefined;
    if (mayEndUnreported(pushed.state)) return undefined;
    if (own !== undefined && !tellsSame(own.state, pushed.state)) return undefined;
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
