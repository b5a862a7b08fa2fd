/**
 * A start that uses up a one-shot boot override is announced in the definition first (`booting`), and a `booting` that is found
 * later counts as used. If libvirt goes away before it gets the start, the announcement stays, although nothing has booted. This
 * process then knows better, and tells the supervisor for the process after it.
 */
import { isUuid } from '../core/terms/uuid.ts';
import { succeeded, type DomainConnection } from './domain-connection.ts';
import { isOneShot, type FoundOverride } from './override-summary.ts';

export class UnusedOverride {
  #id: string | undefined;
  /** With this one a start has begun, and nobody knows how it went. */
  #doubtfulId: string | undefined;

  /** `id`: what an earlier process knew. */
  constructor(id: string | undefined) {
    this.#id = id;
  }

  /** Of the override that is announced in the definition, and that no start has used. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * A start with `override` has ended. `hasBegun`: libvirt may have got it; `isConcluded`: the definition tells what became of
   * the override.
   */
  noteStart(
    override: FoundOverride,
    { hasBegun, isConcluded }: { readonly hasBegun: boolean; readonly isConcluded: boolean },
  ): void {
    const id =
      typeof override !== 'string' && isOneShot(override) && isUuid(override.id) ? override.id : undefined;
    this.#doubtfulId = hasBegun || this.#doubtfulId === id ? id : undefined;
    if (isConcluded) this.#doubtfulId = undefined;
    this.#id = isConcluded || this.#doubtfulId !== undefined ? undefined : id;
  }

  /** The same domain, whose definition tells of the unused override what was so before the announcement. */
  seenIn(domain: DomainConnection): DomainConnection {
    return {
      ...domain,
      readOverride: async (which) => {
        const found = await domain.readOverride(which);
        if (!found.ok || which === 'live' || typeof found.value === 'string') return found;
        const isUnused = found.value.phase === 'booting' && found.value.id === this.#id;
        return isUnused ? succeeded({ ...found.value, phase: 'armed' as const }) : found;
      },
    };
  }
}
