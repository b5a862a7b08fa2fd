/** Which faults have been when, and whether a BMC can have been hit by one. Pure. */
import { describeFault, type Fault, type FaultKind } from './fault.ts';

/** vbmcd, its domain watch and libvirtd are as always again at the latest after this long. */
const GRACE_OF_ALL_MS = 25_000;
/** A worker that has crashed more than once waits up to 30 s for its restart. */
const GRACE_OF_ONE_MS = 60_000;
/** A worker believes a vbmcd that is silent for 10 s. */
const STALE_MS = 15_000;
/** How far back the history of a violation goes. */
const HISTORY_MS = 90_000;

interface Entry {
  readonly fault: Fault;
  readonly begin: number;
  end: number | undefined;
}

/** Times in milliseconds since the run began. */
export class FaultLedger {
  readonly #entries: Entry[] = [];

  /** Returns what ends it. */
  begin(fault: Fault, at: number): (at: number) => void {
    const entry: Entry = { fault, begin: at, end: undefined };
    this.#entries.push(entry);
    return (end) => {
      entry.end = end;
    };
  }

  /** Whether nothing can have disturbed the BMC of this domain within the period. */
  isUndisturbed(domain: number, from: number, to: number): boolean {
    return !this.#entries.some((entry) => {
      const { target } = entry.fault;
      if (target === 'none' || (target !== 'all' && target !== domain)) return false;
      return overlaps(entry, from - (target === 'all' ? GRACE_OF_ALL_MS : GRACE_OF_ONE_MS), to);
    });
  }

  /** Whether no fault that hits the BMC of this domain lasts. */
  isCalm(domain: number, at: number): boolean {
    return !this.wasHit(domain, at, at);
  }

  /** Whether a fault has hit the BMC of this domain, or all. */
  wasHit(domain: number, from: number, to: number): boolean {
    return this.#entries.some(
      (entry) => (entry.fault.target === 'all' || entry.fault.target === domain) && overlaps(entry, from, to),
    );
  }

  /** Whether the BMC may still say what was true before: nobody has told its worker anything new. */
  mayBeStale(from: number, to: number): boolean {
    const freezing: readonly FaultKind[] = ['vbmcdStopped', 'vbmcdForksFail', 'vbmcdHasNoDescriptors'];
    return this.#entries.some(
      (entry) => freezing.includes(entry.fault.kind) && overlaps(entry, from - STALE_MS, to),
    );
  }

  countByKind(): ReadonlyMap<FaultKind, number> {
    const counts = new Map<FaultKind, number>();
    for (const { fault } of this.#entries) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
    return counts;
  }

  /** Those that may have to do with the domain, oldest first. */
  history(domain: number | undefined, to: number): readonly string[] {
    return this.#entries
      .filter(({ fault }) => domain === undefined || fault.target === 'all' || fault.target === domain)
      .filter((entry) => overlaps(entry, to - HISTORY_MS, to))
      .map(({ fault, begin, end }) => {
        const until = end === undefined ? 'not over' : `to ${seconds(end)}`;
        return `${seconds(begin)} ${until}: ${describeFault(fault)}`;
      });
  }
}

function overlaps({ begin, end = Infinity }: Entry, from: number, to: number): boolean {
  return begin <= to && end >= from;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
