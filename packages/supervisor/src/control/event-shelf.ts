import type { EventRecord } from './event-record.ts';

/**
 * A bounded number of events of one class, shared fairly by the BMCs: when it is full, the BMC with the most events loses its
 * oldest one. So one BMC that reports much, whoever makes it, pushes out its own events only. Pure.
 */
export class EventShelf {
  readonly #capacity: number;
  /** By BMC, the oldest first. */
  readonly #records = new Map<string | null, EventRecord[]>();
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(record: EventRecord): void {
    const records = this.#records.get(record.bmc) ?? [];
    records.push(record);
    this.#records.set(record.bmc, records);
    this.#size += 1;
    if (this.#size > this.#capacity) this.#dropOne();
  }

  has(bmc: string): boolean {
    return this.#records.has(bmc);
  }

  /** In no order. */
  all(): readonly EventRecord[] {
    return [...this.#records.values()].flat();
  }

  #dropOne(): void {
    let most: { readonly bmc: string | null; readonly records: EventRecord[] } | undefined;
    for (const [bmc, records] of this.#records)
      if (most === undefined || records.length > most.records.length) most = { bmc, records };
    if (most === undefined) return;
    most.records.shift();
    if (most.records.length === 0) this.#records.delete(most.bmc);
    this.#size -= 1;
  }
}
