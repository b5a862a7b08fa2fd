import { SourceShares } from './source-shares.ts';

/** A number from 0 to `below` - 1. */
export type Draw = (below: number) => number;

interface HalfOpen {
  /** Address and port of the client, and where limits see it. */
  readonly origin: { readonly endpoint: string; readonly source: string };
}

/**
 * Which of the half-open logins of one source has to go when there are too many of them (random early drop).
 *
 * One of the clients (address and port) with the most loses one, so that a client with many loses its own. One of the older half
 * is drawn: a flood from forged ports does not know which login it hits, and a login that goes on at once is over before it is
 * in that half.
 */
export class EarlyDrop<Entry extends HalfOpen> {
  /** The entries by source, the oldest first. */
  readonly #entries: SourceShares<Entry>;
  /** By client; only of sources that have lately lost an entry, because it takes long to make and is seldom needed. */
  readonly #clients = new Map<string, SourceShares<Entry>>();
  readonly #draw: Draw;

  constructor(entries: SourceShares<Entry>, draw: Draw) {
    this.#entries = entries;
    this.#draw = draw;
  }

  /** An entry was added. */
  added(entry: Entry): void {
    const { source, endpoint } = entry.origin;
    this.#clients.get(source)?.add(endpoint, entry);
  }

  /** An entry was deleted. */
  deleted(entry: Entry): void {
    const { source, endpoint } = entry.origin;
    const clients = this.#clients.get(source);
    clients?.delete(endpoint, entry);
    if (clients?.size === 0) this.#clients.delete(source);
  }

  victimOf(source: string): Entry | undefined {
    const clients = this.#clientsOf(source);
    const client = drawOlder(clients.largest(), this.#draw);
    return client === undefined ? undefined : drawOlder(clients.of(client), this.#draw);
  }

  #clientsOf(source: string): SourceShares<Entry> {
    const known = this.#clients.get(source);
    if (known !== undefined) return known;
    const made = new SourceShares<Entry>();
    for (const entry of this.#entries.of(source)) made.add(entry.origin.endpoint, entry);
    if (made.size > 0) this.#clients.set(source, made);
    return made;
  }
}

/** One of the older half; the oldest comes first. */
export function drawOlder<Entry>(entries: ReadonlySet<Entry>, draw: Draw): Entry | undefined {
  if (entries.size === 0) return undefined;
  let younger = draw(Math.ceil(entries.size / 2));
  for (const entry of entries) {
    if (younger === 0) return entry;
    younger -= 1;
  }
  return undefined;
}
