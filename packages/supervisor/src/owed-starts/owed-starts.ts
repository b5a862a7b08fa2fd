/** The starts that BMCs owe, in the state directory: what a worker, vbmcd or the host leaves unfinished when it ends. */
import { join } from 'node:path';
import { isUuid, type DomainState, type OwedStart, type OwedStartEnd } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { errorText } from '../host/error-code.ts';
import type { Log } from '../log/log.ts';
import { StateFile } from '../state-directory/state-file.ts';
import { stateFiles } from '../state-directory/state-files.ts';
import { OWED_START_LIMIT_MS, OWED_START_WRITE_MS } from '../supervision/supervision-times.ts';
import { within } from '../supervision/within.ts';
import { printable } from '../text/printable.ts';
import { entryFromDisk, newEntry, statusOf, type OwedStartEntry } from './owed-start-entry.ts';
import {
  parseOwedStarts,
  renderOwedStarts,
  type OwedStartRecord,
  type OwedStartRecords,
} from './owed-start-record.ts';
import { pauseBeforeRetryMs } from './owed-start-retry.ts';
import { verdictOn } from './owed-start-verdict.ts';

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
  }

  /** Reads what an earlier vbmcd has left. A directory that cannot be used is tried again at each note. */
  static async open(options: OwedStartsOptions): Promise<OwedStarts> {
    const owed = new OwedStarts(options);
    try {
      for (const [name, record] of (await owed.#file.read()) ?? []) {
        if (!options.hasBmc(name)) {
          owed.#log(
            name,
            'warn',
            record,
            'was cut when vbmcd ended, and is not finished: there is no such BMC any more',
          );
          continue;
        }
        owed.#entries.set(name, entryFromDisk(record));
        if (record.reason === undefined) owed.#log(name, 'warn', record, 'was cut when vbmcd ended');
      }
    } catch (error) {
      options.log('warn', `the unfinished power cycles cannot be read: ${errorText(error)}`, {
        event: 'stateUnreadable',
      });
    }
    return owed;
  }

  /** Whether this BMC owes a start, or has failed to make it, or may do so by what is on disk. */
  has(name: string): boolean {
    return this.#entries.has(name) || this.#file.isBehind;
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
    this.#entries.set(name, newEntry(record, clock.now()));
    const failure = await this.#writeInTime();
    const entry = this.#entries.get(name);
    if (entry?.record === record) this.#entries.set(name, { ...entry, isAnswered: true });
    return failure;
  }

  async #writeInTime(): Promise<string | undefined> {
    const written = this.#file.write().then((failure) => ({ failure }));
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
    void this.#file.write();
  }

  /** A worker tells what became of it. Resolves likewise. `unusedOverride`: see the record. */
  async end(name: string, how: OwedStartEnd, why = '', unusedOverride?: string): Promise<string | undefined> {
    const entry = this.#entries.get(name);
    // What was taken back before may still be on disk.
    if (entry === undefined) return this.#file.isBehind ? this.#file.write() : undefined;
    const { record } = entry;
    const cause = printable(why, 500);
    switch (how) {
      case 'done':
      case 'calledOff':
        this.#entries.delete(name);
        break;
      case 'overtaken':
        this.#log(name, 'warn', record, `was cut and is not finished: ${cause}`);
        this.#entries.delete(name);
        break;
      case 'failed':
        this.#giveUp(name, entry, cause);
        break;
      case 'left':
        return this.#leave(name, entry, cause, unusedOverride);
    }
    return this.#file.write();
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
    return isNew ? this.#file.write() : undefined;
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
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#abandon(name, entry, 'the BMC was removed from the inventory');
  }

  /** Somebody has used the power button of this BMC with success. */
  acted(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined && !entry.isHeld) this.forget(name);
  }

  /** Nothing is owed any more. */
  forget(name: string): void {
    if (this.#entries.delete(name)) void this.#file.write();
  }

  /** Takes a report of the domain watch. `uuid`: of the domain that the BMC has now, if that is known. */
  saw(name: string, domainState: DomainState, uuid?: string): OwedStartAdvice {
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
        this.#giveUp(name, entry, 'the clock was set back, so nobody knows how long ago it was cut');
        void this.#file.write();
        return undefined;
      case 'isTooOld':
        this.#giveUp(name, entry, `it was cut more than ${OWED_START_LIMIT_MS / 60_000} minutes ago`);
        void this.#file.write();
        return undefined;
      case 'migratedAway':
        this.#giveUp(name, entry, 'the domain was migrated away to another host');
        void this.#file.write();
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
  }
}
