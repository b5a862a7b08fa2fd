/** Follows the addresses of host names, for BMCs whose `address` is a name. */
import type { Clock } from '../host/clock.ts';
import type { LookupResult } from '../host/name-lookup.ts';
import type { ResolveName } from '../host/resolve-name.ts';
import type { Log } from '../log/log.ts';
import { backOffMs } from '../supervision/back-off.ts';
import {
  LOOKUP_AGAIN_MS,
  LOOKUP_LIMIT_MS,
  MOST_ADDRESSES,
  NAME_LOOK_INTERVAL_MS,
} from '../supervision/supervision-times.ts';
import { within } from '../supervision/within.ts';
import { canonicalHostName } from '../text/host-name.ts';
import { nameList } from '../text/name-list.ts';
import { LookupQueue } from './lookup-queue.ts';

export interface NameAnswer {
  /** Sorted, each once. Those of an earlier answer if `failure` tells why there is no newer one. */
  readonly addresses: readonly string[];
  /** Why the last lookup has changed nothing, for a sentence about the name. */
  readonly failure?: string;
}

export interface HostNames {
  answerOf(name: string): NameAnswer;
  /** Resolves when the first lookup has ended or takes too long; `undefined`: it has. */
  untilAnswered(name: string): Promise<void> | undefined;
  /** Calls `listener` after each change of the answer; the function returned ends that. */
  subscribe(name: string, listener: () => void): () => void;
  /** Looks all names up again. */
  askAgain(): void;
}

export interface NameWatchOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly resolve: ResolveName;
  /** Whether this machine has the address, so that a socket can be bound to it. */
  readonly hasAddress: (address: string) => Promise<boolean>;
  /** Changes when the hosts file does. */
  readonly hostsFile: () => string;
}

interface Watched {
  readonly name: string;
  readonly listeners: Set<() => void>;
  answer: NameAnswer | undefined;
  /** In a row. */
  failures: number;
  dueAtMs: number;
  /** Whether a lookup waits or runs. */
  isAsked: boolean;
  /** Whether that one may have begun too early. */
  isAskedAgain: boolean;
}

const notAnsweredYet: NameAnswer = { addresses: [], failure: 'the resolver has not answered yet' };
const TOO_SLOW = `the resolver has not answered for ${LOOKUP_LIMIT_MS / 1000} s`;

/** Looks while there are names that somebody has asked for. */
export class NameWatch implements HostNames {
  readonly #options: NameWatchOptions;
  readonly #queue: LookupQueue;
  readonly #watched = new Map<string, Watched>();
  #hostsFile = '';
  #isLooking = false;

  constructor(options: NameWatchOptions) {
    this.#options = options;
    this.#queue = new LookupQueue(options.clock, options.resolve);
  }

  answerOf(name: string): NameAnswer {
    return this.#watch(name).answer ?? notAnsweredYet;
  }

  untilAnswered(name: string): Promise<void> | undefined {
    const watched = this.#watch(name);
    if (watched.answer !== undefined) return undefined;
    const answered = new Promise<void>((resolve) => {
      const unsubscribe = this.subscribe(name, () => {
        unsubscribe();
        resolve();
      });
    });
    return within(this.#options.clock, LOOKUP_LIMIT_MS, answered);
  }

  subscribe(name: string, listener: () => void): () => void {
    const { listeners } = this.#watch(name);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  askAgain(): void {
    for (const watched of this.#watched.values()) this.#ask(watched);
  }

  #watch(given: string): Watched {
    const name = canonicalHostName(given);
    const known = this.#watched.get(name);
    if (known !== undefined) return known;
    const added: Watched = {
      name,
      listeners: new Set(),
      ...{ answer: undefined, failures: 0, dueAtMs: 0, isAsked: false, isAskedAgain: false },
    };
    this.#watched.set(name, added);
    this.#ask(added);
    if (!this.#isLooking) {
      this.#isLooking = true;
      this.#hostsFile = this.#options.hostsFile();
      this.#lookLater();
    }
    return added;
  }

  #lookLater(): void {
    this.#options.clock.after(NAME_LOOK_INTERVAL_MS, () => {
      this.#look();
      this.#isLooking = this.#watched.size > 0;
      if (this.#isLooking) this.#lookLater();
    });
  }

  #look(): void {
    const hostsFile = this.#options.hostsFile();
    const hasChanged = hostsFile !== this.#hostsFile;
    this.#hostsFile = hostsFile;
    const now = this.#options.clock.now();
    for (const watched of this.#watched.values()) {
      const isDue = watched.dueAtMs <= now;
      if (isDue && !watched.isAsked && watched.listeners.size === 0) this.#watched.delete(watched.name);
      else if (isDue || hasChanged) this.#ask(watched);
    }
  }

  #ask(watched: Watched): void {
    watched.isAskedAgain = watched.isAsked;
    if (watched.isAsked) return;
    watched.isAsked = true;
    this.#queue.add({
      name: watched.name,
      late: () => {
        this.#take(watched, { failure: TOO_SLOW });
      },
      ended: (result) => {
        void this.#judge(watched, result);
      },
    });
  }

  async #judge(watched: Watched, result: LookupResult): Promise<void> {
    const { random, clock } = this.#options;
    const judged = await this.#refuse(result, watched.answer?.addresses ?? []);
    watched.isAsked = false;
    watched.failures = 'failure' in judged ? watched.failures + 1 : 0;
    const waitMs =
      'failure' in judged
        ? backOffMs(watched.failures, LOOKUP_AGAIN_MS, random)
        : Math.round(LOOKUP_AGAIN_MS * (1 - random() / 4));
    watched.dueAtMs = clock.now() + waitMs;
    this.#take(watched, judged);
    if (watched.isAskedAgain) this.#ask(watched);
  }

  /** A name that leaves this machine takes no address from a BMC that answers: a resolver may err, or lie. */
  async #refuse(result: LookupResult, present: readonly string[]): Promise<LookupResult> {
    if ('failure' in result) return result;
    const { addresses } = result;
    if (addresses.length > MOST_ADDRESSES) {
      return { failure: `it has ${addresses.length} addresses, and a BMC may have ${MOST_ADDRESSES}` };
    }
    if ((await this.#hasAny(addresses)) || !(await this.#hasAny(present))) return result;
    return { failure: `it is ${nameList(addresses)} now, which is no address of this machine` };
  }

  async #hasAny(addresses: readonly string[]): Promise<boolean> {
    const { hasAddress } = this.#options;
    return (await Promise.all(addresses.map((address) => hasAddress(address)))).includes(true);
  }

  #take(watched: Watched, result: LookupResult): void {
    const before = watched.answer;
    const kept = before?.addresses ?? [];
    watched.answer = 'addresses' in result ? result : { addresses: kept, failure: result.failure };
    if (JSON.stringify(before) === JSON.stringify(watched.answer)) return;
    this.#tell(watched.name, before, watched.answer);
    for (const listener of watched.listeners) listener();
  }

  /** Of a name that has had an address: of any other its BMCs tell. */
  #tell(name: string, before: NameAnswer | undefined, { addresses, failure }: NameAnswer): void {
    const { log } = this.#options;
    if (before === undefined || before.addresses.length === 0) return;
    const list = nameList(addresses);
    if (failure !== undefined) {
      // A resolver that fails may fail in another way each time.
      if (before.failure !== undefined) return;
      log('warn', `host name ${name}: ${failure}; its BMCs keep ${list}`, { event: 'hostNameUnresolved' });
    } else if (addresses.join() === before.addresses.join()) {
      log('info', `host name ${name} is ${list} again`, { event: 'hostNameResolved' });
    } else {
      const message = `host name ${name} is ${list} now, and was ${nameList(before.addresses)}`;
      log('info', message, { event: 'hostNameResolved' });
    }
  }
}
