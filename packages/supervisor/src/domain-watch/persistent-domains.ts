/**
 * Which domains of one connection have a definition, from snapshots and from events that arrive at the same time. A domain
 * without one (`virsh create`, or undefined while it runs) is gone when it stops, and libvirt reports nothing but the stop. Pure.
 */
export class PersistentDomains {
  /** By names without the blanks at their end, as libvirt lists them. */
  #names = new Set<string>();
  /** Names whose definition was written or removed since the snapshot under way began. */
  readonly #changed = new Map<string, boolean>();

  /** False also for a domain of which this is not known yet. */
  has(domainName: string): boolean {
    return this.#names.has(domainName.trimEnd());
  }

  /** The definition of this name was written (`isThere`) or removed. */
  note(domainName: string, isThere: boolean): void {
    const name = domainName.trimEnd();
    this.#changed.set(name, isThere);
    this.#set(name, isThere);
  }

  beginSnapshot(): void {
    this.#changed.clear();
  }

  /** `uuids`: of all domains, by name. `transient`: the UUIDs of those without a definition. */
  endSnapshot(uuids: ReadonlyMap<string, string>, transient: ReadonlySet<string>): void {
    this.#names = new Set([...uuids].filter(([, uuid]) => !transient.has(uuid)).map(([name]) => name));
    for (const [name, isThere] of this.#changed) this.#set(name, isThere);
  }

  #set(name: string, isThere: boolean): void {
    if (isThere) this.#names.add(name);
    else this.#names.delete(name);
  }
}
