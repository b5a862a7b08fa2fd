/** The domain watches, one for each connection URI that a BMC runs on. */
import { DomainWatch } from './domain-watch.ts';
import type { WatchSubscriber } from './watch-audience.ts';
import type { WatchState } from './watch-transitions.ts';
import type { WatchSurroundings } from './watch-surroundings.ts';

/** Where a BMC learns about its domain; the function returned ends it. */
export interface DomainNewsSource {
  subscribe(connectionUri: string, subscriber: WatchSubscriber): () => void;
}

export class DomainWatches implements DomainNewsSource {
  readonly #surroundings: WatchSurroundings;
  readonly #watches = new Map<string, DomainWatch>();
  #surveys = false;

  constructor(surroundings: WatchSurroundings) {
    this.#surroundings = surroundings;
  }

  subscribe(connectionUri: string, subscriber: WatchSubscriber): () => void {
    const watch = this.#watches.get(connectionUri) ?? this.#newWatch(connectionUri);
    this.#watches.set(connectionUri, watch);
    const leave = watch.subscribe(subscriber);
    return () => {
      leave();
      if (watch.isIdle && this.#watches.get(connectionUri) === watch) this.#watches.delete(connectionUri);
    };
  }

  /** Every BMC that was to start has had its time: boot overrides are looked for from now on. */
  beginSurveys(): void {
    this.#surveys = true;
    for (const watch of this.#watches.values()) watch.beginSurvey();
  }

  /** How each of them is. */
  describe(): readonly { readonly connectionUri: string; readonly state: WatchState }[] {
    return [...this.#watches].map(([connectionUri, { state }]) => ({ connectionUri, state }));
  }

  #newWatch(connectionUri: string): DomainWatch {
    const watch = new DomainWatch(connectionUri, this.#surroundings);
    if (this.#surveys) watch.beginSurvey();
    return watch;
  }
}
