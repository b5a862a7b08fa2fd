/**
 * The domains of one connection that a worker is starting. A start may hang, and a question about that domain alone would then keep
 * libvirt from changing any definition. So nobody asks one. Nothing else depends on it: a worker that says it for ever keeps its own
 * domain from being asked alone, and neither another domain nor a question about all of them. Pure; times are the caller's.
 */
export class StartsUnderWay {
  /** By domain, since when each BMC's worker starts it. */
  readonly #starting = new Map<string, Map<object, number>>();
  /** When the worker has gone that was starting it. libvirt carries the start on. */
  readonly #left = new Map<string, number>();

  has(domainName: string): boolean {
    return this.#starting.has(domainName) || this.#left.has(domainName);
  }

  begin(domainName: string, bmc: object, nowMs: number): void {
    const starters = this.#starting.get(domainName) ?? new Map<object, number>();
    if (!starters.has(bmc)) starters.set(bmc, nowMs);
    this.#starting.set(domainName, starters);
  }

  /** libvirt has answered the worker. */
  end(domainName: string, bmc: object): void {
    this.#left.delete(domainName);
    this.#leave(domainName, bmc);
  }

  /** The worker has gone, or its BMC uses this connection no longer. */
  leave(domainName: string, bmc: object, nowMs: number): void {
    if (this.#leave(domainName, bmc)) this.#left.set(domainName, nowMs);
  }

  /** libvirt has answered a question about all domains, which was asked at this time: it has finished what was begun before. */
  answeredAll(askedAtMs: number): void {
    for (const [domainName, leftAtMs] of this.#left) if (leftAtMs <= askedAtMs) this.#left.delete(domainName);
  }

  /** The domains whose start takes as long as this, or longer, and for how long. */
  longerThan(leastMs: number, nowMs: number): ReadonlyMap<string, number> {
    const forMs = new Map<string, number>();
    for (const [domainName, leftAtMs] of this.#left) forMs.set(domainName, nowMs - leftAtMs);
    for (const [domainName, starters] of this.#starting)
      forMs.set(domainName, nowMs - Math.min(...starters.values()));
    return new Map([...forMs].filter(([, ms]) => ms >= leastMs));
  }

  #leave(domainName: string, bmc: object): boolean {
    const starters = this.#starting.get(domainName);
    if (starters?.delete(bmc) !== true) return false;
    if (starters.size === 0) this.#starting.delete(domainName);
    return true;
  }
}
