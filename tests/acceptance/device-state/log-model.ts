/** What the event log of one BMC has to hold after all that clients were answered, and what it may hold besides. Pure. */
import { numberOf, powerIn, type LogRecord } from './log-record.ts';

/** A change that was not answered: it was made, or was not. */
type Doubt =
  | { readonly kind: 'add'; readonly number: number; readonly hex: string }
  | { readonly kind: 'delete'; readonly id: number }
  | { readonly kind: 'clear' };

/** Ids are 1 to FFFEh, and begin again then. */
const IDS = 0xfffe;

export class LogModel {
  readonly #bmc: number;
  readonly #capacity: number;
  /** The clients' records, oldest first: number by id. */
  #records = new Map<number, number>();
  /** What was sent under each number, without the id. */
  readonly #sent = new Map<number, string>();
  #doubt: Doubt | undefined;
  /** How many deletions there were since the log was last seen. */
  #deletions = 0;
  #lastId: number | undefined;
  /** Of the record that was last seen in the log. */
  #seenId: number | undefined;
  #wasCleared = false;

  constructor(bmc: number, capacity: number) {
    this.#bmc = bmc;
    this.#capacity = capacity;
  }

  /** One of the clients' records, if there are any. `index` is from 0 up to 1. */
  someId(index: number): number | undefined {
    return [...this.#records.keys()][Math.floor(index * this.#records.size)];
  }

  /** Whether a record more may push out an old one. */
  get isNearlyFull(): boolean {
    return this.#records.size + 100 > this.#capacity;
  }

  begin(doubt: Doubt): void {
    this.#doubt = doubt;
    if (doubt.kind === 'add') this.#sent.set(doubt.number, doubt.hex.slice(4));
  }

  /** The change was refused, so it was not made. */
  refused(): void {
    this.#doubt = undefined;
  }

  /** The change was acknowledged; `id`: of the record that was added. */
  done(id?: number): void {
    const doubt = this.#doubt;
    this.#doubt = undefined;
    switch (doubt?.kind) {
      case undefined:
        throw new Error('nothing was begun');
      case 'add':
        if (id === undefined) throw new Error('a record without an id was added');
        if (!this.#isAfterLast(id)) throw new Error(`id ${id} was given after ${this.#lastId ?? 0}`);
        this.#lastId = id;
        this.#records.set(id, doubt.number);
        break;
      case 'delete':
        this.#records.delete(doubt.id);
        this.#deletions += 1;
        break;
      case 'clear':
        this.#records.clear();
        this.#wasCleared = true;
    }
  }

  /** Throws unless the log is what it has to be. Returns the power that it has told since the last look; `undefined`: it was cleared. */
  compare(log: readonly LogRecord[]): readonly ('on' | 'off')[] | undefined {
    checkOrder(log);
    checkPower(log);
    const doubt = this.#doubt;
    this.#doubt = undefined;
    const found = new Map<number, number>();
    for (const record of log) {
      const number = numberOf(record, this.#bmc);
      if (number === undefined) continue;
      if ([...found.values()].includes(number)) throw new Error(`${describe(record)} is there twice`);
      if (record.hex.slice(4) !== this.#sent.get(number))
        throw new Error(`${describe(record)} is not as it was sent`);
      found.set(record.id, number);
    }
    const [first] = log;
    if (doubt?.kind === 'clear' && first !== undefined && isClearing(first) && this.#isAfterLast(first.id)) {
      this.#records.clear();
      this.#wasCleared = true;
    }
    this.#checkNews(found, doubt);
    this.#checkMissing(found, doubt, log);
    const news = this.#wasCleared ? undefined : this.#newsIn(log);
    this.#settle(found, log);
    return news;
  }

  #checkNews(found: ReadonlyMap<number, number>, doubt: Doubt | undefined): void {
    for (const [id, number] of found) {
      if (this.#records.get(id) === number) continue;
      const isDoubtful = doubt?.kind === 'add' && doubt.number === number && this.#isAfterLast(id);
      if (!isDoubtful) throw new Error(`record ${id} (number ${number}) should not be there`);
    }
  }

  /** Only a full log may miss records: the oldest ones. */
  #checkMissing(
    found: ReadonlyMap<number, number>,
    doubt: Doubt | undefined,
    log: readonly LogRecord[],
  ): void {
    const missing = [...this.#records.keys()].filter((id) => !found.has(id));
    const inDoubt = doubt?.kind === 'delete' && missing.includes(doubt.id) ? 1 : 0;
    const lost = missing.filter((id) => doubt?.kind !== 'delete' || id !== doubt.id);
    if (lost.length === 0) return;
    const isFull = log.length + this.#deletions + inDoubt >= this.#capacity;
    const oldest = [...this.#records.keys()].filter(
      (id) => id !== (doubt as { id?: number } | undefined)?.id,
    );
    const areOldest = lost.every((id, index) => id === oldest[index]);
    if (!isFull || !areOldest)
      throw new Error(
        `${lost.length} acknowledged records are missing, first ${lost[0] ?? 0}; ${log.length} are there`,
      );
  }

  #newsIn(log: readonly LogRecord[]): readonly ('on' | 'off')[] {
    const seen = this.#seenId;
    const news = log.filter(({ id }) => seen === undefined || distance(seen, id) > 0);
    return news.flatMap((record) => powerIn(record) ?? []);
  }

  #settle(found: Map<number, number>, log: readonly LogRecord[]): void {
    this.#records = found;
    this.#deletions = 0;
    this.#wasCleared = false;
    const last = log.at(-1)?.id;
    this.#seenId = last;
    if (last !== undefined && this.#isAfterLast(last)) this.#lastId = last;
  }

  #isAfterLast(id: number): boolean {
    return this.#lastId === undefined || distance(this.#lastId, id) > 0;
  }
}

/** From one id to a later one; below 0 for an earlier one. */
function distance(from: number, to: number): number {
  const ahead = (to - from + IDS) % IDS;
  return ahead > IDS / 2 ? ahead - IDS : ahead;
}

function checkOrder(log: readonly LogRecord[]): void {
  for (const [index, record] of log.entries()) {
    const before = log[index - 1];
    if (before !== undefined && distance(before.id, record.id) <= 0)
      throw new Error(`${describe(record)} follows ${describe(before)}`);
  }
}

/** The power goes on and off in turn: what is told twice was one change. */
function checkPower(log: readonly LogRecord[]): void {
  let last: 'on' | 'off' | undefined;
  for (const record of log) {
    const power = powerIn(record);
    if (power === undefined) continue;
    if (power === last) throw new Error(`${describe(record)} tells ${power} again`);
    last = power;
  }
}

function isClearing({ hex }: LogRecord): boolean {
  return hex.slice(20, 24) === '1007' && hex.slice(26, 28) === '02';
}

function describe({ id, hex }: LogRecord): string {
  return `record ${id} (${hex})`;
}
