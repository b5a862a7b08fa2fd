/** Failed logins in a row of one user name at one place. */
export interface Failures {
  /** What delays and lock-outs follow from. */
  count: number;
  /** How many there were; fewer than `count` if they weighed more. */
  tries: number;
  lastAt: number;
  /** Address and port of the client that failed last, and how many of the last failures are its own. */
  endpoint: string;
  fromEndpoint: number;
}

interface Place {
  readonly names: Map<string, Failures>;
  /** Of all names, also of those that were dropped. */
  tries: number;
  lastAt: number;
}

export interface FailureTableLimits {
  readonly places: number;
  readonly namesPerPlace: number;
}

/**
 * Failed logins by place (an address or a network) and by user name as sent, known or not. Each name has a record of its own,
 * so that no name is refused for the failures of another. The table is bounded: where a place has failed with too many names,
 * the name with the fewest failures is dropped, and of too many places the one with the fewest.
 */
export class FailureTable {
  readonly #limits: FailureTableLimits;
  readonly #keptMs: number;
  readonly #places = new Map<string, Place>();

  /** A record is forgotten `keptMs` after its last failure; the caller adds the time for which it delays logins. */
  constructor(limits: FailureTableLimits, keptMs: number) {
    this.#limits = limits;
    this.#keptMs = keptMs;
  }

  /** How many places have records. */
  get size(): number {
    return this.#places.size;
  }

  find(place: string, user: string): Failures | undefined {
    return this.#places.get(place)?.names.get(user);
  }

  /** How often any name has failed at this place lately. */
  triesAt(place: string, now: number): number {
    const found = this.#places.get(place);
    return found === undefined || now - found.lastAt >= this.#keptMs ? 0 : found.tries;
  }

  /** The record of that name at that place, made if there is none that counts any more. */
  take(place: string, user: string, now: number): Failures {
    const { names } = this.#placeOf(place, now);
    const known = names.get(user);
    if (known !== undefined && now - known.lastAt < this.#keptMs) return known;
    names.delete(user);
    if (names.size >= this.#limits.namesPerPlace) dropLeast(names);
    const made = { count: 0, tries: 0, lastAt: now, endpoint: '', fromEndpoint: 0 };
    names.set(user, made);
    return made;
  }

  /** Counts one more failure at the place. */
  countTry(place: string, now: number): void {
    const counted = this.#placeOf(place, now);
    counted.tries = this.triesAt(place, now) + 1;
    counted.lastAt = now;
  }

  /** Forgets the last failures of a name at a place if they are those of this client. */
  forgetOwn(place: string, user: string, endpoint: string): void {
    const found = this.#places.get(place);
    const failures = found?.names.get(user);
    if (found === undefined || failures?.endpoint !== endpoint) return;
    failures.count = Math.max(0, failures.count - failures.fromEndpoint);
    failures.tries -= failures.fromEndpoint;
    failures.fromEndpoint = 0;
    if (failures.tries > 0) return;
    found.names.delete(user);
    if (found.names.size === 0) this.#places.delete(place);
  }

  *entries(): Iterable<{ readonly place: string; readonly user: string; readonly failures: Failures }> {
    for (const [place, { names }] of this.#places)
      for (const [user, failures] of names) yield { place, user, failures };
  }

  #placeOf(place: string, now: number): Place {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    if (this.#places.size >= this.#limits.places) dropLeast(this.#places);
    const made: Place = { names: new Map(), tries: 0, lastAt: now };
    this.#places.set(place, made);
    return made;
  }
}

/** Drops the entry with the fewest tries; of equal ones the oldest, because a map is in order of age. */
function dropLeast(entries: Map<string, { readonly tries: number }>): void {
  let least: string | undefined;
  let fewest = Infinity;
  for (const [key, { tries }] of entries) {
    if (tries >= fewest) continue;
    least = key;
    fewest = tries;
  }
  if (least !== undefined) entries.delete(least);
}
