/** The BMCs that subscribe to the domains of one connection, and what was last published to each. */
import type { DomainEvent, SensorFacts } from '@vbmc/bmc-worker/ipc';
import type { VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import type { KnownState } from './domain-states.ts';

export interface WatchSubscriber {
  readonly domainName: string;
  readonly libvirtAuthFile: string | undefined;
  /** `known` is undefined if the state is unknown, or there is no such domain. */
  readonly take: (known: KnownState | undefined, event?: DomainEvent, uuid?: string) => void;
  /** Called instead of `take` when libvirt has not answered about the domain for this long. */
  readonly takeUnanswered: (forMs: number) => void;
  /** Whether libvirt owes an answer about some domain: a question about all of them would have to wait. False at first. */
  readonly takeAllUnanswered: (isSo: boolean) => void;
  /** The domain's definition was written, renamed or removed. */
  readonly takeDefinitionChange: () => void;
  /**
   * If present: called once, some time after subscribing, with the element in the definition that describes a boot override.
   * `''`: there is none. `undefined`: libvirt's answer left that open.
   */
  readonly takeBootOverride?: (element: string | undefined) => void;
}

export interface Subscription {
  /** libvirt has not answered a call of this BMC's worker for `forMs`; undefined: it owes the worker no answer. */
  readonly noteUnanswered: (call: { readonly verb: string; readonly forMs: number } | undefined) => void;
  /** The worker is about to have libvirt start the domain, or libvirt has answered. */
  readonly noteStart: (isUnderWay: boolean) => void;
  /** What is known for the sensors. */
  readonly facts: () => SensorFacts;
  /** Why the connection does not stand, for people; `undefined` while it does. */
  readonly trouble: () => string | undefined;
  readonly end: () => void;
}

/** What the watch knows of the domains, by name. */
export interface KnownDomains {
  /** Undefined if that is unknown, or there is no such domain. */
  readonly stateOf: (domainName: string) => KnownState | undefined;
  readonly uuidOf: (domainName: string) => string | undefined;
  /** How long libvirt has not answered about the domain; undefined if it does. */
  readonly unansweredForMs: (domainName: string) => number | undefined;
}

interface Published {
  known: KnownState | undefined;
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
    this.#published.set(subscriber, { known: undefined, atMs: this.#clock.now() });
    return () => {
      this.#published.delete(subscriber);
      ofDomain.delete(subscriber);
      if (ofDomain.size === 0) this.#byDomain.delete(domainName);
    };
  }

  /**
   * With the credentials of any BMC, which do. If they fail, the next attempt takes those of another BMC. `others`: of BMCs that have
   * no subscriber at the moment.
   */
  connection(connectionUri: string, attempt: number, others: readonly string[] = []): VirshConnection {
    const own = [...this.#published.keys()].flatMap(({ libvirtAuthFile }) => libvirtAuthFile ?? []);
    const files = own.length > 0 ? own : others;
    return { connectionUri, libvirtAuthFile: files[attempt % Math.max(1, files.length)] };
  }

  has(domainName: string): boolean {
    return this.#byDomain.has(domainName);
  }

  get domainNames(): Iterable<string> {
    return this.#byDomain.keys();
  }

  /**
   * Publishes to each subscriber whose domain's state has changed, or was last published `repeatMs` ago, or was published after an
   * event that libvirt has confirmed since.
   */
  publishAll(): void {
    const now = this.#clock.now();
    for (const [subscriber, { known: last, atMs }] of [...this.#published]) {
      const known = this.#known.stateOf(subscriber.domainName);
      const isOld = now - atMs >= this.#repeatMs;
      const isConfirmed = known?.askedAtMs !== undefined && last?.askedAtMs === undefined;
      const isSame = known?.domainState === last?.domainState;
      if (!isSame || (known !== undefined && (isOld || isConfirmed))) this.publishTo(subscriber);
    }
  }

  /** Publishes what is known of a domain. */
  publish(domainName: string, event?: DomainEvent): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) this.publishTo(subscriber, event);
  }

  publishAllUnanswered(isSo: boolean): void {
    for (const subscriber of [...this.#published.keys()]) subscriber.takeAllUnanswered(isSo);
  }

  publishDefinitionChange(domainName: string): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) subscriber.takeDefinitionChange();
  }

  publishTo(subscriber: WatchSubscriber, event?: DomainEvent): void {
    const last = this.#published.get(subscriber);
    if (last === undefined) return;
    const { domainName } = subscriber;
    const known = this.#known.stateOf(domainName);
    last.known = known;
    last.atMs = this.#clock.now();
    const unansweredForMs = this.#known.unansweredForMs(domainName);
    if (known === undefined && unansweredForMs !== undefined) subscriber.takeUnanswered(unansweredForMs);
    else subscriber.take(known, event, this.#known.uuidOf(domainName));
  }
}
