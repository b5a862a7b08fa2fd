/** The BMCs that subscribe to the domains of one connection, and what was last published to each. */
import type { DomainEvent, DomainState } from '@vbmc/bmc-worker/ipc';
import type { VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';

export interface WatchSubscriber {
  readonly domainName: string;
  readonly libvirtAuthFile: string | undefined;
  /** `undefined`: the state is unknown, or there is no such domain. */
  readonly take: (domainState: DomainState | undefined, event?: DomainEvent, uuid?: string) => void;
  /** Called instead of `take` when libvirt has not answered about the domain for this long. */
  readonly takeUnanswered: (forMs: number) => void;
  /** The domain's definition was written, renamed or removed. */
  readonly takeDefinitionChange: () => void;
  /**
   * Called once, some time after subscribing, with the element in the definition that describes a boot override.
   * `''`: there is none. `undefined`: libvirt's answer left that open.
   */
  readonly takeBootOverride: (element: string | undefined) => void;
}

export interface Subscription {
  /** libvirt has not answered a call of this BMC's worker for `forMs`; undefined: it owes the worker no answer. */
  readonly noteUnanswered: (call: { readonly verb: string; readonly forMs: number } | undefined) => void;
  readonly end: () => void;
}

/** What the watch knows of the domains, by name. */
export interface KnownDomains {
  /** Undefined if that is unknown, or there is no such domain. */
  readonly stateOf: (domainName: string) => DomainState | undefined;
  readonly uuidOf: (domainName: string) => string | undefined;
  /** How long libvirt has not answered about the domain; undefined if it does. */
  readonly unansweredForMs: (domainName: string) => number | undefined;
}

interface Published {
  domainState: DomainState | undefined;
  atMs: number;
}

export class WatchSubscribers {
  readonly #clock: Clock;
  readonly #repeatMs: number;
  readonly #known: KnownDomains;
  readonly #published = new Map<WatchSubscriber, Published>();
  readonly #byDomain = new Map<string, Set<WatchSubscriber>>();

  /** An unchanged state is published again after `repeatMs`, so that the subscriber knows that it still holds. */
  constructor(clock: Clock, repeatMs: number, known: KnownDomains) {
    this.#clock = clock;
    this.#repeatMs = repeatMs;
    this.#known = known;
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

  /** With the credentials of any BMC, which do. If they fail, the next attempt takes those of another BMC. */
  connection(connectionUri: string, attempt: number): VirshConnection {
    const files = [...this.#published.keys()].flatMap(({ libvirtAuthFile }) => libvirtAuthFile ?? []);
    return { connectionUri, libvirtAuthFile: files[attempt % Math.max(1, files.length)] };
  }

  has(domainName: string): boolean {
    return this.#byDomain.has(domainName);
  }

  get domainNames(): Iterable<string> {
    return this.#byDomain.keys();
  }

  /** Publishes to each subscriber whose domain's state has changed, or was last published `repeatMs` ago. */
  publishAll(): void {
    const now = this.#clock.now();
    for (const [subscriber, last] of [...this.#published]) {
      const domainState = this.#known.stateOf(subscriber.domainName);
      const isOld = domainState !== undefined && now - last.atMs >= this.#repeatMs;
      if (domainState !== last.domainState || isOld) this.publishTo(subscriber);
    }
  }

  /** Publishes what is known of a domain. */
  publish(domainName: string, event?: DomainEvent): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) this.publishTo(subscriber, event);
  }

  publishDefinitionChange(domainName: string): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) subscriber.takeDefinitionChange();
  }

  publishTo(subscriber: WatchSubscriber, event?: DomainEvent): void {
    const last = this.#published.get(subscriber);
    if (last === undefined) return;
    const { domainName } = subscriber;
    const domainState = this.#known.stateOf(domainName);
    last.domainState = domainState;
    last.atMs = this.#clock.now();
    const unansweredForMs = this.#known.unansweredForMs(domainName);
    if (domainState === undefined && unansweredForMs !== undefined)
      subscriber.takeUnanswered(unansweredForMs);
    else subscriber.take(domainState, event, this.#known.uuidOf(domainName));
  }
}
