/** The BMCs that subscribe to the domains of one connection, and what was last published to each. */
import type { DomainEvent, DomainState } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { DomainUuids } from './domain-uuids.ts';

export interface WatchSubscriber {
  readonly domainName: string;
  readonly libvirtAuthFile: string | undefined;
  /** `undefined`: the state is unknown, or there is no such domain. */
  readonly take: (domainState: DomainState | undefined, event?: DomainEvent, uuid?: string) => void;
  /** The domain's definition was written, renamed or removed. */
  readonly takeDefinitionChange: () => void;
  /**
   * Called once, some time after subscribing, with the element in the definition that describes a boot override.
   * `''`: there is none. `undefined`: libvirt's answer left that open.
   */
  readonly takeBootOverride: (element: string | undefined) => void;
}

interface Published {
  domainState: DomainState | undefined;
  atMs: number;
}

export class WatchSubscribers {
  readonly #clock: Clock;
  readonly #repeatMs: number;
  readonly #uuids: Pick<DomainUuids, 'get'>;
  readonly #published = new Map<WatchSubscriber, Published>();
  readonly #byDomain = new Map<string, Set<WatchSubscriber>>();

  /** An unchanged state is published again after `repeatMs`, so that the subscriber knows that it still holds. */
  constructor(clock: Clock, repeatMs: number, uuids: Pick<DomainUuids, 'get'>) {
    this.#clock = clock;
    this.#repeatMs = repeatMs;
    this.#uuids = uuids;
  }

  get isEmpty(): boolean {
    return this.#published.size === 0;
  }

  /** The returned function removes the subscriber. */
  add(subscriber: WatchSubscriber): () => void {
    const { domainName } = subscriber;
    const ofDomain = this.#byDomain.get(domainName) ?? new Set();
    this.#byDomain.set(domainName, ofDomain.add(subscriber));
    this.#published.set(subscriber, { domainState: undefined, atMs: this.#clock.now() });
    return () => {
      this.#published.delete(subscriber);
      ofDomain.delete(subscriber);
      if (ofDomain.size === 0) this.#byDomain.delete(domainName);
    };
  }

  /** The files with SASL credentials, of the subscribers that have one. */
  authFiles(): readonly string[] {
    return [...this.#published.keys()].flatMap(({ libvirtAuthFile }) => libvirtAuthFile ?? []);
  }

  /** Publishes to each subscriber whose domain's state has changed, or was last published `repeatMs` ago. */
  publishAll(stateOf: (domainName: string) => DomainState | undefined): void {
    const now = this.#clock.now();
    for (const [subscriber, last] of [...this.#published]) {
      const domainState = stateOf(subscriber.domainName);
      const isOld = domainState !== undefined && now - last.atMs >= this.#repeatMs;
      if (domainState !== last.domainState || isOld) this.publishTo(subscriber, domainState);
    }
  }

  publish(domainName: string, domainState: DomainState, event: DomainEvent | undefined): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) {
      this.publishTo(subscriber, domainState, event);
    }
  }

  /** `isGone`: there is no domain of that name any more. */
  publishDefinitionChange(domainName: string, isGone: boolean): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) {
      if (isGone) this.publishTo(subscriber, undefined);
      else subscriber.takeDefinitionChange();
    }
  }

  publishTo(subscriber: WatchSubscriber, domainState: DomainState | undefined, event?: DomainEvent): void {
    const last = this.#published.get(subscriber);
    if (last === undefined) return;
    last.domainState = domainState;
    last.atMs = this.#clock.now();
    subscriber.take(domainState, event, this.#uuids.get(subscriber.domainName));
  }
}
