/** Who is told of the domains of one connection, and what each was told last. */
import type { DomainEvent, DomainState } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';

export interface WatchSubscriber {
  readonly domainName: string;
  readonly libvirtAuthFile: string | undefined;
  /** `undefined`: the state is not known (any more), or there is no such domain. */
  readonly take: (domainState: DomainState | undefined, event?: DomainEvent, uuid?: string) => void;
  /**
   * The element in its definition that tells of a boot override, `''` for none; `undefined`: that cannot be told. Once, some
   * time after it has subscribed.
   */
  readonly takeBootOverride: (element: string | undefined) => void;
}

interface Told {
  domainState: DomainState | undefined;
  atMs: number;
}

export class WatchAudience {
  readonly #clock: Clock;
  readonly #repeatMs: number;
  readonly #uuidOf: (domainName: string) => string | undefined;
  readonly #told = new Map<WatchSubscriber, Told>();
  readonly #byDomain = new Map<string, Set<WatchSubscriber>>();

  /** What has not changed is told again after `repeatMs`, so that the subscriber knows that it still holds. */
  constructor(clock: Clock, repeatMs: number, uuidOf: (domainName: string) => string | undefined) {
    this.#clock = clock;
    this.#repeatMs = repeatMs;
    this.#uuidOf = uuidOf;
  }

  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  join(subscriber: WatchSubscriber): () => void {
    const { domainName } = subscriber;
    const neighbours = this.#byDomain.get(domainName) ?? new Set();
    this.#byDomain.set(domainName, neighbours.add(subscriber));
    this.#told.set(subscriber, { domainState: undefined, atMs: this.#clock.now() });
    return () => {
      this.#told.delete(subscriber);
      neighbours.delete(subscriber);
      if (neighbours.size === 0) this.#byDomain.delete(domainName);
    };
  }

  /** Of all who have one. */
  authFiles(): readonly string[] {
    return [...this.#told.keys()].flatMap(({ libvirtAuthFile }) => libvirtAuthFile ?? []);
  }

  /** Tells everybody for whom it is news, or was told a while ago. */
  tellAll(stateOf: (domainName: string) => DomainState | undefined): void {
    const now = this.#clock.now();
    for (const [subscriber, told] of [...this.#told]) {
      const domainState = stateOf(subscriber.domainName);
      const isOld = domainState !== undefined && now - told.atMs >= this.#repeatMs;
      if (domainState !== told.domainState || isOld) this.tellOne(subscriber, domainState);
    }
  }

  tell(domainName: string, domainState: DomainState, event: DomainEvent | undefined): void {
    for (const subscriber of [...(this.#byDomain.get(domainName) ?? [])]) {
      this.tellOne(subscriber, domainState, event);
    }
  }

  tellOne(subscriber: WatchSubscriber, domainState: DomainState | undefined, event?: DomainEvent): void {
    const told = this.#told.get(subscriber);
    if (told === undefined) return;
    told.domainState = domainState;
    told.atMs = this.#clock.now();
    subscriber.take(domainState, event, this.#uuidOf(subscriber.domainName));
  }
}
