/** The starts that BMCs owe, in the state directory: what a worker, vbmcd or the host leaves unfinished when it ends. */
import { join } from 'node:path';
import { isUuid, type DomainState, type OwedStart, type OwedStartEnd } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import { StateFile } from '../state-directory/state-file.ts';
import { stateFiles } from '../state-directory/state-files.ts';
import { OWED_START_WRITE_MS } from '../supervision/supervision-times.ts';
import { within } from '../supervision/within.ts';
import { printable } from '../text/printable.ts';
import { EarlierNotes } from './earlier-notes.ts';
import { entryFromDisk, newEntry, statusOf, type OwedStartEntry } from './owed-start-entry.ts';
import {
  parseOwedStarts,
  renderOwedStarts,
  type OwedStartRecord,
  type OwedStartRecords,
} from './owed-start-record.ts';
import { pauseBeforeRetryMs } from './owed-start-retry.ts';
import { RemainingNotes } from './remaining-notes.ts';
import { hasStarted, verdictOn, whyGivenUp } from './owed-start-verdict.ts';

export interface OwedStartsOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the inventory has a BMC of this name. */
  readonly hasBmc: (name: string) => boolean;
}

/** What a worker has to be told. */
export type OwedStartAdvice = { readonly finish: OwedStart } | { readonly isOvertaken: true } | undefined;

export class OwedStarts {
  readonly #options: OwedStartsOptions;
  readonly #entries = new Map<string, OwedStartEntry>();
  readonly #file: StateFile<OwedStartRecords>;
  readonly #earlier: EarlierNotes;
  readonly #remaining = new RemainingNotes();

  private constructor(options: OwedStartsOptions) {
    this.#options = options;
    const { clock, log, stateDirectory } = options;
    this.#file = new StateFile({
      path: join(stateDirectory, stateFiles.owedStarts.name),
      holds: 'the unfinished power cycles',
      ...{ clock, log },
      render: () => renderOwedStarts(new Map([...this.#entries].map(([name, { record }]) => [name, record]))),
      isEmpty: () => this.#entries.size === 0,
      parse: parseOwedStarts,
    });
    this.#earlier = new EarlierNotes({
      ...{ clock, log },
      read: () => this.#file.read(),
      take: (name, record, isSettled) => {
        this.#takeEarlier(name, record, isSettled);
      },
      readLate: () => void this.#file.write(),
    });
  }

  /** Reads what an earlier vbmcd has left, or tries that again until it can be read. */
  static async open(options: OwedStartsOptions): Promise<OwedStarts> {
    const owed = new OwedStarts(options);
    await owed.#earlier.read();
    return owed;
  }

  #takeEarlier(name: string, record: OwedStartRecord, isSettled: boolean): void {
    const isGone = !this.#options.hasBmc(name);
    if (!isGone && !isSettled) this.#entries.set(name, entryFromDisk(record));
    if (record.reason !== undefined && !isGone) return;
    const end = 'was cut when vbmcd ended';
    const why = isGone ? 'there is no such BMC any more' : 'the domain has been used since';
    this.#log(name, 'warn', record, isGone || isSettled ? `${end}, and is not finished: ${why}` : end);
  }

  /** Whether this BMC owes a start, or has failed to make it, or may do so by what is on disk. */
  has(name: string): boolean {
    return this.#entries.has(name) || this.#mayRemain(name) || this.#earlier.mayOwe(name);
  }

  /** `undefined`: no change of this BMC is unfinished. */
  describe(name: string): OwedStartRecord | undefined {
    return this.#entries.get(name)?.record;
  }

  /**
   * A worker is about to switch its domain off, and waits for the answer. Resolves when the note is on disk, or soon with the reason
   * why it is not. The note counts from now on; only its way to the disk may take long.
   */
  async note(name: string, { description, user, source, uuid }: OwedStart): Promise<string | undefined> {
    if (!isUuid(uuid)) return 'the UUID is none';
    const { clock } = this.#options;
    const record = {
      description: printable(description, 100),
      user: printable(user),
      source: printable(source),
      uuid,
      at: clock.date().toISOString(),
    };
    this.#earlier.settle(name);
    this.#entries.set(name, newEntry(record, clock.now()));
    const failure = await this.#writeInTime();
    const entry = this.#entries.get(name);
    if (entry?.record === record) this.#entries.set(name, { ...entry, isAnswered: true });
    return failure;
  }

  /** Resolves with the reason if not all is on disk. What an earlier vbmcd has left there is not lost before it has been read. */
  async #write(): Promise<string | undefined> {
    if (this.#earlier.problem !== undefined) await this.#earlier.read();
    if (this.#earlier.problem !== undefined) return this.#earlier.problem;
    const written = this.#remaining.beginWrite();
    const failure = await this.#file.write();
    if (failure === undefined) written();
    return failure;
  }

  async #writeInTime(): Promise<string | undefined> {
    const written = this.#write().then((failure) => ({ failure }));
    const inTime = await within(this.#options.clock, OWED_START_WRITE_MS, written);
    if (inTime !== undefined) return inTime.failure;
    return `the disk has not answered for ${OWED_START_WRITE_MS / 1_000} s`;
  }

  /** That worker has libvirt destroy the domain now. */
  noteDestroy(name: string): void {
    const entry = this.#entries.get(name);
    if (entry?.isHeld !== true) return;
    const record = { ...entry.record, destroys: true as const };
    this.#entries.set(name, { ...entry, record, destroyedSince: this.#options.clock.now() });
    void this.#write();
  }

  /** A worker tells what became of it. Resolves likewise. `unusedOverride`: see the record. */
  async end(name: string, how: OwedStartEnd, why = '', unusedOverride?: string): Promise<string | undefined> {
    this.#earlier.settle(name);
    const entry = this.#entries.get(name);
    // What was taken back before may still be on disk.
    if (entry === undefined) return this.#mayRemain(name) ? this.#write() : undefined;
    const { record } = entry;
    const cause = printable(why, 500);
    switch (how) {
      case 'done':
      case 'calledOff':
        this.#remove(name);
        break;
      case 'overtaken':
        this.#log(name, 'warn', record, `was cut and is not finished: ${cause}`);
        this.#remove(name);
        break;
      case 'failed':
        this.#giveUp(name, entry, cause);
        break;
      case 'left':
        return this.#leave(name, entry, cause, unusedOverride);
    }
    return this.#write();
  }

  async #leave(
    name: string,
    entry: OwedStartEntry,
    cause: string,
    override: string | undefined,
  ): Promise<string | undefined> {
    // It is left after each attempt, while the attempts fail: told once for each cause, however long that lasts.
    const leftBecause = cause.replaceAll(/\d+/g, '');
    if (leftBecause !== entry.leftBecause) {
      const what = `is finished as soon as libvirt says that the domain is off: ${cause}`;
      this.#log(name, 'warn', entry.record, what);
    }
    const { unusedOverride, ...record } = entry.record;
    const isNew = override !== unusedOverride;
    const present = override === undefined ? record : { ...record, unusedOverride: printable(override) };
    const timesLeft = entry.timesLeft + 1;
    this.#entries.set(name, { ...entry, isHeld: false, timesLeft, record: present, leftBecause });
    return isNew ? this.#write() : undefined;
  }

  /** How soon to ask a worker again that has just left it, if the domain is off; undefined: at its next report. */
  retryInMs(name: string): number | undefined {
    return pauseBeforeRetryMs(this.#entries.get(name)?.timesLeft ?? 0);
  }

  /** The worker of this BMC has gone: what it owed is nobody's now. */
  release(name: string): void {
    const entry = this.#entries.get(name);
    if (entry?.isHeld !== true) return;
    this.#entries.set(name, { ...entry, isHeld: false });
    this.#log(name, 'warn', entry.record, 'was cut when its worker ended');
  }

  /** The BMC has left the inventory, and its worker has ended. */
  bmcRemoved(name: string): void {
    this.#earlier.settle(name);
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#abandon(name, entry, 'the BMC was removed from the inventory');
  }

  /** Somebody has used the power button of this BMC with success. */
  acted(name: string): void {
    this.#earlier.settle(name);
    const entry = this.#entries.get(name);
    if (entry !== undefined && !entry.isHeld) this.forget(name);
  }

  #mayRemain(name: string): boolean {
    return this.#file.isBehind && this.#remaining.has(name);
  }

  #remove(name: string): boolean {
    const isThere = this.#entries.delete(name);
    if (isThere) this.#remaining.add(name);
    return isThere;
  }

  /** Nothing is owed any more. */
  forget(name: string): void {
    if (this.#remove(name)) void this.#write();
  }

  /** Takes a report of the domain watch. `uuid`: of the domain that the BMC has now, if that is known. */
  saw(name: string, domainState: DomainState, uuid?: string): OwedStartAdvice {
    if (hasStarted(domainState)) this.#earlier.settle(name);
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const { record, isHeld } = entry;
    if (uuid !== undefined && uuid.toLowerCase() !== record.uuid) {
      // A worker that is at it asks libvirt itself.
      if (!isHeld) this.#abandon(name, entry, 'the BMC has another domain now');
      return undefined;
    }
    const { clock } = this.#options;
    const status = statusOf(entry, { now: clock.now(), date: clock.date().getTime() });
    const { isGivenUp } = status;
    const verdict = verdictOn(status, domainState);
    // What is read before the note is answered was so before the worker could destroy the domain.
    if (domainState === 'shutOff' && entry.isAnswered) this.#entries.set(name, { ...entry, wasOff: true });
    switch (verdict) {
      case 'wait':
        return undefined;
      case 'finish': {
        this.#entries.set(name, { ...entry, wasOff: true, isHeld: true });
        const { description, user, source, uuid } = record;
        return { finish: { description, user, source, uuid } };
      }
      case 'runs':
      case 'wasNeverOff':
        // A worker that is at it reports the end itself.
        if (!isHeld && !isGivenUp) this.#log(name, 'info', record, 'was cut, and the domain runs');
        this.forget(name);
        return isHeld ? { isOvertaken: true } : undefined;
      case 'isNotOurs':
        this.#log(
          name,
          'warn',
          record,
          'was cut before libvirt got its destroy: another cause has switched the domain off',
        );
        this.forget(name);
        return undefined;
      case 'hasNoAge':
      case 'isTooOld':
      case 'migratedAway':
        this.#giveUp(name, entry, whyGivenUp[verdict]);
        void this.#write();
        return undefined;
    }
  }

  /** Nobody makes this start any more. One that was given up has been told of. */
  #abandon(name: string, { record }: OwedStartEntry, why: string): void {
    if (record.reason === undefined) this.#log(name, 'warn', record, `was cut and is not finished: ${why}`);
    this.forget(name);
  }

  #giveUp(name: string, entry: OwedStartEntry, reason: string): void {
    this.#entries.set(name, { ...entry, isHeld: false, record: { ...entry.record, reason } });
    this.#log(name, 'error', entry.record, `was cut and is not finished, the domain stays off: ${reason}`);
  }

  #log(bmc: string, level: 'info' | 'warn' | 'error', record: OwedStartRecord, what: string): void {
    const { description, user, source, at } = record;
    const actor = user === '' ? source : `"${user}" from ${source}`;
    this.#options.log(level, `${description} by ${actor} ${what}`, {
      ...{ bmc, event: 'changeCut', description, user, source, begunAt: at },
    });
  }

  /** Ends the attempts to store what could not be stored. */
  close(): void {
    this.#file.close();
    this.#earlier.close();
  }
}
