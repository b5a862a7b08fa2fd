/** The domain watches, one for each connection URI that a running BMC uses. */
import type { DomainListener } from './domain-listeners.ts';
import { DomainWatch } from './domain-watch.ts';
import type { WatchDependencies } from './watch-dependencies.ts';
import type { Subscription, WatchSubscriber } from './watch-subscribers.ts';
import type { WatchState } from './watch-transitions.ts';

/** Where a BMC subscribes to its domain. */
export interface DomainUpdateSource {
  subscribe(connectionUri: string, subscriber: WatchSubscriber): Subscription;
}

/** Where a BMC's event log listens to its domain. */
export interface DomainEventSource {
  /** Ends with the returned function. */
  listen(connectionUri: string, listener: DomainListener): () => void;
}

export class DomainWatches implements DomainUpdateSource, DomainEventSource {
  readonly #dependencies: WatchDependencies;
  readonly #watches = new Map<string, DomainWatch>();
  #surveys = false;

  constructor(dependencies: WatchDependencies) {
    this.#dependencies = dependencies;
  }

  subscribe(connectionUri: string, subscriber: WatchSubscriber): Subscription {
    const watch = this.#watchOf(connectionUri);
    const subscription = watch.subscribe(subscriber);
    return {
      ...subscription,
      end: () => {
        subscription.end();
        this.#forgetIfOver(connectionUri, watch);
      },
    };
  }

  listen(connectionUri: string, listener: DomainListener): () => void {
    const watch = this.#watchOf(connectionUri);
    const end = watch.listen(listener);
    return () => {
      end();
      this.#forgetIfOver(connectionUri, watch);
    };
  }

  /** Allows the watches to look for boot overrides: every BMC has had its time to start. */
  beginSurveys(): void {
    this.#surveys = true;
    for (const watch of this.#watches.values()) watch.beginSurvey();
  }

  describe(): readonly {
    readonly connectionUri: string;
    readonly state: WatchState;
    readonly unansweredDomains: number;
  }[] {
    return [...this.#watches]
      .filter(([, { state }]) => state !== 'idle')
      .map(([connectionUri, { state, owed }]) => ({ connectionUri, state, unansweredDomains: owed.domains }));
  }

  #watchOf(connectionUri: string): DomainWatch {
    const watch = this.#watches.get(connectionUri) ?? this.#newWatch(connectionUri);
    this.#watches.set(connectionUri, watch);
    return watch;
  }

  /** A watch that libvirt owes an answer is kept: another one would ask again. */
  #forgetIfOver(connectionUri: string, watch: DomainWatch): void {
    const isOver = watch.state === 'idle' && !watch.owed.virsh;
    if (isOver && this.#watches.get(connectionUri) === watch) this.#watches.delete(connectionUri);
  }

  #newWatch(connectionUri: string): DomainWatch {
    const watch = new DomainWatch(connectionUri, this.#dependencies);
    if (this.#surveys) watch.beginSurvey();
    return watch;
  }
}
