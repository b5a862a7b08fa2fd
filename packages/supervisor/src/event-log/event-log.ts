/** The event log of one BMC: bounded, numbered, and on disk, so that it outlives workers, vbmcd and the host. */
import {
  usualEventLog,
  type EventLogView,
  type LogEntry,
  type LogFact,
  type LogFill,
} from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { errorText } from '../host/error-code.ts';
import type { Log } from '../log/log.ts';
import { STATE_RETRY_MS } from '../supervision/supervision-times.ts';
import { JournalFile } from './journal-file.ts';
import { LogChanges } from './log-changes.ts';
import { isAlmostFull, logFillOf, type EventLogFigures } from './log-fill.ts';
import {
  entryLine,
  LAST_ID,
  noNotes,
  notesAfter,
  notesLine,
  removalLine,
  renderJournal,
  type LogNotes,
} from './log-journal.ts';

export interface EventLogOptions {
  readonly path: string;
  readonly bmc: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Facts that wait for a log that cannot be read yet. */
const MOST_WAITING = 64;

export class EventLog {
  settings = usualEventLog;
  readonly #options: EventLogOptions;
  readonly #file: JournalFile;
  #entries: LogEntry[] = [];
  #notes: LogNotes = noNotes;
  readonly #changes = new LogChanges();
  /** In the file, as far as is known. */
  #lines = 0;
  /** Whether an attempt to read the file is to come. */
  #triesAgain = false;
  #isLoaded = false;
  #isClosed = false;
  #loading: Promise<void> | undefined;
  #isTroubleTold = false;
  #waiting: { readonly at: number; readonly fact: LogFact }[] = [];
  #waitingNotes: Partial<LogNotes> = {};

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#file = new JournalFile({
      ...options,
      render: () => {
        this.#lines = this.#entries.length + 1;
        return renderJournal(this.#entries, this.#notes);
      },
    });
  }

  /** `undefined` until it could be read. */
  get figures(): EventLogFigures | undefined {
    if (!this.#isLoaded) return undefined;
    return {
      entries: this.#entries.length,
      capacity: this.settings.capacity,
      clockOffset: this.#notes.clockOffset,
    };
  }

  /** For the sensor that tells how full the log is; `undefined` until it could be read. */
  get fill(): LogFill | undefined {
    return this.#isLoaded ? logFillOf(this.#entries, this.settings) : undefined;
  }

  get notes(): LogNotes {
    return { ...this.#notes, ...this.#waitingNotes };
  }

  /** Resolves with whether the log is read; a failure is told, and tried again later. */
  async load(): Promise<boolean> {
    if (this.#isLoaded) return true;
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
    return this.#isLoaded;
  }

  /** Records a fact, as soon as the log can be read. */
  note(fact: LogFact): void {
    if (this.#isLoaded) {
      this.#append(fact, this.#seconds());
      void this.#file.write();
      return;
    }
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ at: this.#seconds(), fact });
    void this.load();
  }

  /** Tells that so many facts were not recorded, because the guest causes too many. */
  tellLeftOut(facts: number): void {
    const { bmc, log } = this.#options;
    const what = `the guest causes more records of the event log than it may: ${facts} left out`;
    log('warn', what, { bmc, event: 'eventLogRecordsLeftOut', records: facts });
  }

  /** Changes what is stored beside the entries. */
  setNotes(notes: Partial<LogNotes>): void {
    if (!this.#isLoaded) {
      this.#waitingNotes = { ...this.#waitingNotes, ...notes };
      void this.load();
      return;
    }
    this.#putNotes(notes);
    void this.#file.write();
  }

  /** For who knows the version `known`; `undefined`: the log cannot be read. */
  async view(known: number | undefined): Promise<EventLogView | undefined> {
    if (!(await this.load())) return undefined;
    const { clockOffset, hasOverflowed, lastAddition, lastErase } = this.#notes;
    const changes = this.#changes.since(known);
    return {
      version: this.#changes.version,
      ...(changes === undefined ? { entries: [...this.#entries] } : { changes }),
      capacity: this.settings.capacity,
      removals: this.#changes.removals,
      hasOverflowed,
      time: this.#ownTime(this.#seconds(), clockOffset),
      ...(lastAddition !== undefined && { lastAddition }),
      ...(lastErase !== undefined && { lastErase }),
    };
  }

  /** Resolves with the id of a client's record once vbmcd's end leaves it; `full`, or `unreadable`. */
  async add(hex: string): Promise<number | 'full' | 'unavailable'> {
    if (!(await this.load())) return 'unavailable';
    const id = this.#append({ kind: 'record', hex }, this.#seconds());
    return (await this.#file.write()) ? (id ?? 'full') : 'unavailable';
  }

  /** Resolves with the id of the entry that is gone. `cancelled`: entries have gone since there were `removals`. */
  async remove(
    which: number | 'first' | 'last',
    removals = this.#changes.removals,
  ): Promise<number | 'absent' | 'cancelled' | 'unavailable'> {
    if (!(await this.load())) return 'unavailable';
    if (removals !== this.#changes.removals) return 'cancelled';
    const end = which === 'first' ? this.#entries[0] : this.#entries.at(-1);
    const id = typeof which === 'number' ? which : end?.id;
    const index = this.#entries.findIndex((entry) => entry.id === id);
    if (id === undefined || index < 0) return 'absent';
    this.#entries.splice(index, 1);
    this.#removed(id);
    this.#putNotes({ lastErase: this.#ownNow(), isAlmostFullTold: false });
    return (await this.#file.write()) ? id : 'unavailable';
  }

  /** Resolves with whether it is empty, but for an entry that says so; likewise. */
  async clear(removals = this.#changes.removals): Promise<boolean | 'cancelled'> {
    if (!(await this.load())) return false;
    if (removals !== this.#changes.removals) return 'cancelled';
    this.#entries = [];
    const lastErase = this.#ownNow();
    this.#notes = { ...this.#notes, lastErase, isAlmostFullTold: false, hasOverflowed: false };
    this.#changes.replaced();
    this.#file.replace();
    this.#append({ kind: 'logCleared' }, this.#seconds());
    return this.#file.write();
  }

  /** Sets the log's own clock to so many seconds since 1970. */
  async setTime(time: number): Promise<boolean> {
    if (!(await this.load())) return false;
    this.#putNotes({ clockOffset: time - this.#seconds() });
    return this.#file.write();
  }

  /** Resolves when everything is in the file, or could not be written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isLoaded) await this.#file.write();
    await this.#file.close();
  }

  /** By the host's clock, in seconds since 1970. */
  #seconds(): number {
    return Math.max(0, Math.floor(this.#options.clock.date().getTime() / 1_000));
  }

  #ownNow(): number {
    return this.#ownTime(this.#seconds(), this.#notes.clockOffset);
  }

  /** Bounded to what 4 bytes carry. */
  #ownTime(seconds: number, offset: number): number {
    return Math.min(0xffff_fffe, Math.max(0, seconds + offset));
  }

  /** `undefined`: it is full, and the fact is lost. */
  #append(fact: LogFact, seconds: number): number | undefined {
    const { capacity, whenFull } = this.settings;
    if (whenFull === 'stop') {
      // The last place is for the entry that says that the log is full.
      if (this.#entries.length === capacity - 1 && fact.kind !== 'logFull')
        this.#append({ kind: 'logFull' }, seconds);
      if (this.#entries.length >= capacity) {
        if (!this.#notes.hasOverflowed) this.#putNotes({ hasOverflowed: true });
        return undefined;
      }
    }
    while (whenFull === 'wrap' && this.#entries.length >= capacity) {
      const oldest = this.#entries.shift();
      if (oldest !== undefined) this.#removed(oldest.id);
      if (!this.#notes.hasOverflowed) this.#putNotes({ hasOverflowed: true });
    }
    const at = this.#ownTime(seconds, this.#notes.clockOffset);
    const entry = { id: this.#nextId(), at, fact };
    this.#entries.push(entry);
    this.#notes = notesAfter(this.#notes, entry);
    this.#changes.take(entry);
    this.#write(entryLine(entry));
    if (isAlmostFull(this.#entries.length, this.settings) && !this.#notes.isAlmostFullTold) {
      this.#putNotes({ isAlmostFullTold: true });
      this.#append({ kind: 'logAlmostFull' }, seconds);
    }
    return entry.id;
  }

  /** Not used again until all were used; one that an old entry has is left out. */
  #nextId(): number {
    let id = this.#notes.lastId;
    do id = (id % LAST_ID) + 1;
    while (this.#entries.some((entry) => entry.id === id));
    return id;
  }

  #putNotes(notes: Partial<LogNotes>): void {
    this.#notes = { ...this.#notes, ...notes };
    this.#write(notesLine(this.#notes));
  }

  #removed(id: number): void {
    this.#changes.take(id);
    this.#write(removalLine(id));
  }

  #write(line: string): void {
    this.#lines += 1;
    this.#file.append(line);
    if (this.#lines > 2 * this.settings.capacity + this.#entries.length + 256) this.#file.replace();
  }

  async #read(): Promise<void> {
    const { bmc, clock, log } = this.#options;
    try {
      const journal = await this.#file.read();
      this.#entries = [...(journal?.entries ?? [])];
      this.#notes = journal?.notes ?? noNotes;
      this.#lines = journal?.lines ?? 0;
      this.#isLoaded = true;
      this.#changes.replaced();
      if ((journal?.unreadable ?? 0) > 0) void this.#file.write();
      this.#takeWaiting();
    } catch (error) {
      if (!this.#isTroubleTold)
        log(
          'warn',
          `the event log cannot be read: ${errorText(error)} (tried again every ${STATE_RETRY_MS / 1000} s)`,
          {
            bmc,
            event: 'stateDirectoryUnusable',
          },
        );
      this.#isTroubleTold = true;
      if (this.#triesAgain) return;
      this.#triesAgain = true;
      clock.after(STATE_RETRY_MS, () => {
        this.#triesAgain = false;
        if (!this.#isClosed) void this.load();
      });
    }
  }

  #takeWaiting(): void {
    const waiting = this.#waiting;
    const notes = this.#waitingNotes;
    this.#waiting = [];
    this.#waitingNotes = {};
    if (Object.keys(notes).length > 0) this.#putNotes(notes);
    for (const { at, fact } of waiting) this.#append(fact, at);
    if (waiting.length > 0 || Object.keys(notes).length > 0) void this.#file.write();
  }
}
