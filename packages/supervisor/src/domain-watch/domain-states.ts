/** The states of the domains of one connection, from snapshots and events that arrive at the same time. Pure. */
import type { DomainEvent, DomainState } from '@vbmc/bmc-worker/ipc';
import { isPowerOn, stateAfter, type VirshEvent } from '@vbmc/bmc-worker/libvirt';

export interface DomainChange {
  readonly domainName: string;
  readonly domainState: DomainState;
  readonly event?: DomainEvent;
}

/**
 * Events arrive in the order in which things happened. A snapshot shows some moment between its begin and its end. So
 * an event that has arrived since a snapshot began overrides what the snapshot says of that domain.
 */
export class DomainStates {
  #states = new Map<string, DomainState>();
  /** Domains with an event since the snapshot under way began. */
  readonly #overtaken = new Set<string>();

  get size(): number {
    return this.#states.size;
  }

  get(domainName: string): DomainState | undefined {
    return this.#states.get(domainName);
  }

  /** Applies an event. Returns `undefined` if no state changes and a BMC does not need the event. */
  take(event: VirshEvent): DomainChange | undefined {
    const { domainName } = event;
    if (event.kind === 'reboot') {
      const domainState = this.#states.get(domainName) ?? 'running';
      return { domainName, domainState, event: 'rebooted' };
    }
    const domainState = stateAfter(event);
    if (domainState === undefined) return undefined;
    this.#overtaken.add(domainName);
    const before = this.#states.get(domainName);
    this.#states.set(domainName, domainState);
    if (isPowerOn(event)) return { domainName, domainState, event: 'started' };
    return before === domainState ? undefined : { domainName, domainState };
  }

  /** The domain's definition was removed. If the domain is off, there is no such domain any more; returns whether it is. */
  forgetIfOff(domainName: string): boolean {
    const state = this.#states.get(domainName);
    if (state !== 'shutOff' && state !== 'migratedAway') return false;
    this.#states.delete(domainName);
    this.#overtaken.add(domainName);
    return true;
  }

  beginSnapshot(): void {
    this.#overtaken.clear();
  }

  /** A question about one domain begins. */
  beginQuestion(domainName: string): void {
    this.#overtaken.delete(domainName);
  }

  /** It is answered; `undefined`: there is no such domain. Returns the state that counts. */
  endQuestion(domainName: string, domainState: DomainState | undefined): DomainState | undefined {
    if (this.#overtaken.has(domainName)) return this.#states.get(domainName);
    if (domainState === undefined) this.#states.delete(domainName);
    else this.#states.set(domainName, domainState);
    return domainState;
  }

  endSnapshot(snapshot: ReadonlyMap<string, DomainState>): void {
    const states = new Map(snapshot);
    for (const domainName of this.#overtaken) {
      const state = this.#states.get(domainName);
      if (state === undefined) states.delete(domainName);
      else states.set(domainName, state);
    }
    this.#states = states;
  }
}
