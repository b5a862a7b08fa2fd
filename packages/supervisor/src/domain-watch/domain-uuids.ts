/** The UUIDs of the domains of one connection by name, from snapshots and from events that arrive at the same time. Pure. */
export class DomainUuids {
  /** libvirt lists names without the blanks at their end. */
  #uuids = new Map<string, string>();
  /** Names whose definition has changed since the snapshot under way began: they may belong to another domain. */
  readonly #changed = new Set<string>();

  get(domainName: string): string | undefined {
    return this.#uuids.get(domainName.trimEnd());
  }

  /** The definition of this name was written, renamed or removed. */
  forget(domainName: string): void {
    this.#uuids.delete(domainName.trimEnd());
    this.#changed.add(domainName.trimEnd());
  }

  beginSnapshot(): void {
    this.#changed.clear();
  }

  endSnapshot(uuids: ReadonlyMap<string, string>): void {
    this.#uuids = new Map([...uuids].filter(([domainName]) => !this.#changed.has(domainName)));
  }
}
