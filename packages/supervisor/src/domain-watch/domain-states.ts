/** The states of the domains of one connection, from snapshots and events that arrive at the same time. Pure. */
import type { DomainEvent, DomainState } from '@vbmc/bmc-worker/ipc';
import { isPowerOn, stateAfter, type VirshEvent } from '@vbmc/bmc-worker/libvirt';

export interface DomainChange {
  readonly domainName: string;
  readonly domainState: DomainState;
  readonly event?: DomainEvent;
}

/** Times are the caller's. */
export interface KnownState {
  readonly domainState: DomainState;
  /** When the question was asked that libvirt has answered with this state; absent: an event says so. */
  readonly askedAtMs?: number;
}

interface Question {
  /** Whether the domain has had an event since it was asked. */
  isOvertaken: boolean;
  /** Which snapshot had begun last when it was asked. */
  readonly snapshot: number;
  readonly askedAtMs: number;
}

/**
 * Events arrive in the order in which things happened. A snapshot shows some moment between its begin and its end, and a
 * question about one domain likewise. So an event that has arrived since either began overrides what it says of that domain,
 * and so does the answer to a question that was asked since a snapshot began. What was asked before the last snapshot began, or
 * before the event stream, tells nothing when its answer comes at last.
 */
export class DomainStates {
  #states = new Map<string, KnownState>();
  /** How many have begun. */
  #snapshots = 0;
  #snapshotAskedAtMs = 0;
  /** The last one that has ended. */
  #endedSnapshot = 0;
  /** Domains of which more is known than the snapshot under way, or the last one, can show. */
  readonly #newer = new Set<string>();
  /** Those that are not answered, by domain. */
  readonly #questions = new Map<string, Question>();

  get size(): number {
    return this.#states.size;
  }

  get(domainName: string): KnownState | undefined {
    return this.#states.get(domainName);
  }

  /** Applies an event. Returns `undefined` if no state changes and a BMC does not need the event. */
  take(event: VirshEvent): DomainChange | undefined {
    const { domainName } = event;
    const before = this.#states.get(domainName)?.domainState;
    if (event.kind === 'reboot') return { domainName, domainState: before ?? 'running', event: 'rebooted' };
    const domainState = stateAfter(event);
    if (domainState === undefined) return undefined;
    this.#overtake(domainName);
    this.#states.set(domainName, { domainState });
    if (isPowerOn(event)) return { domainName, domainState, event: 'started' };
    return before === domainState ? undefined : { domainName, domainState };
  }

  /** The domain's definition was removed. If the domain is off, there is no such domain any more; returns whether it is. */
  forgetIfOff(domainName: string): boolean {
    const state = this.#states.get(domainName)?.domainState;
    if (state !== 'shutOff' && state !== 'migratedAway') return false;
    this.#states.delete(domainName);
    this.#overtake(domainName);
    return true;
  }

  /** libvirt has stopped answering about the domain. What is known is old; only what comes from now on counts. */
  doubt(domainName: string): void {
    this.#states.delete(domainName);
  }

  beginSnapshot(nowMs: number): void {
    this.#snapshots += 1;
    this.#snapshotAskedAtMs = nowMs;
    this.#newer.clear();
  }

  /** A question about one domain begins. */
  beginQuestion(domainName: string, nowMs: number): void {
    this.#questions.set(domainName, { isOvertaken: false, snapshot: this.#snapshots, askedAtMs: nowMs });
  }

  /** It is answered; `undefined`: there is no such domain, or nothing is known. */
  endQuestion(domainName: string, domainState: DomainState | undefined): void {
    const question = this.#questions.get(domainName);
    this.#questions.delete(domainName);
    if (question === undefined || question.isOvertaken || question.snapshot < this.#endedSnapshot) return;
    if (domainState === undefined) {
      this.#states.delete(domainName);
      return;
    }
    this.#states.set(domainName, { domainState, askedAtMs: question.askedAtMs });
    if (question.snapshot === this.#snapshots) this.#newer.add(domainName);
  }

  endSnapshot(snapshot: ReadonlyMap<string, DomainState>): void {
    const askedAtMs = this.#snapshotAskedAtMs;
    const states = new Map<string, KnownState>();
    for (const [domainName, domainState] of snapshot) states.set(domainName, { domainState, askedAtMs });
    for (const domainName of this.#newer) {
      const state = this.#states.get(domainName);
      if (state === undefined) states.delete(domainName);
      else states.set(domainName, state);
    }
    this.#states = states;
    this.#endedSnapshot = this.#snapshots;
  }

  #overtake(domainName: string): void {
    this.#newer.add(domainName);
    const question = this.#questions.get(domainName);
    if (question !== undefined) question.isOvertaken = true;
  }
}
