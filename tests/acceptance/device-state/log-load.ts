/** A client that changes one BMC's event log all the time: it adds, deletes and clears records, reserves, and sets the clock. */
import {
  addSelEntry,
  clearSel,
  completionCode,
  deleteSelEntry,
  FIRST_RECORD,
  getSelEntry,
  getSelInfo,
  getSelTime,
  LAST_RECORD,
  reserveSel,
  setSelTime,
  WHOLE_RECORD,
} from '@vbmc/ipmi-codec';
import type { SeededRandom } from '#support/seeded-random.ts';
import { LogModel } from './log-model.ts';
import { loadRecord, recordOf, type LogRecord } from './log-record.ts';
import { hexCode, UNANSWERED, type Remote } from './remote.ts';

/** The furthest that the log's clock is set from the host's, in seconds. */
const FURTHEST_S = 100_000_000;
/** How far the two may differ from what was set: each counts whole seconds. */
const MOST_DRIFT_S = 3;

/** Of a worker after its start: about as many as its predecessor has given. */
const LATER_RESERVATIONS = 40;

export class LogLoad {
  readonly #model: LogModel;
  readonly #bmc: number;
  readonly #random: SeededRandom;
  /** Of the log's clock before the host's, in seconds: those that are possible. */
  #offsets: readonly number[] = [0];
  #number = 0;
  /** As last given, by whatever worker. */
  #reservation: number | undefined;
  readonly acknowledged = { added: 0, deleted: 0, cleared: 0, timesSet: 0, staleRefused: 0, unanswered: 0 };

  constructor(bmc: number, capacity: number, random: SeededRandom) {
    this.#bmc = bmc;
    this.#model = new LogModel(bmc, capacity);
    this.#random = random;
  }

  /** Makes one change. Resolves with whether it was answered. */
  async change(remote: Remote): Promise<boolean> {
    const dice = this.#random.below(100);
    const isAnswered =
      dice < 82
        ? await this.#add(remote)
        : dice < 92
          ? await this.#delete(remote)
          : dice < 96
            ? await this.#setTime(remote)
            : await this.#useStale(remote);
    if (!isAnswered) this.acknowledged.unanswered += 1;
    return isAnswered;
  }

  /** Resolves with whether it was answered. */
  async clear(remote: Remote): Promise<boolean> {
    const reservationId = await this.#reserve(remote);
    if (reservationId === undefined) return false;
    this.#model.begin({ kind: 'clear' });
    const code = await codeOf(remote.ask(clearSel, { reservationId, action: 'initiate' }));
    if (code === undefined) return false;
    return this.#take(code, 'cleared');
  }

  /** Throws unless everything acknowledged is there, and nothing else. */
  async compare(remote: Remote): Promise<readonly ('on' | 'off')[] | undefined> {
    const log = await readLog(remote);
    const { recordCount } = await remote.tell(getSelInfo, undefined);
    if (recordCount < log.length)
      throw new Error(`${recordCount} records in Get SEL Info, ${log.length} read`);
    const news = this.#model.compare(log);
    const { time } = await remote.tell(getSelTime, undefined);
    const offset = time - Math.floor(Date.now() / 1_000);
    const meant = this.#offsets.find((one) => Math.abs(one - offset) <= MOST_DRIFT_S);
    if (meant === undefined)
      throw new Error(`the clock is ${offset} s ahead, not ${this.#offsets.join(' or ')}`);
    this.#offsets = [meant];
    return news;
  }

  /** A reservation that an earlier worker has given is no more, even when the present one has given as many. */
  async tryLostReservation(remote: Remote): Promise<void> {
    const lost = this.#reservation;
    if (lost === undefined) return;
    for (let given = 0; given <= LATER_RESERVATIONS; given += LATER_RESERVATIONS) {
      for (let later = 0; later < given; later += 1)
        if ((await this.#reserve(remote)) === lost) throw new Error(`reservation ${lost} was given again`);
      const request = { reservationId: lost, recordId: FIRST_RECORD };
      const code = await codeOf(remote.ask(deleteSelEntry, request));
      if (code !== completionCode.reservationCancelled)
        throw new Error(
          `a lost reservation, after ${given} new ones: ${code === undefined ? UNANSWERED : hexCode(code)}`,
        );
      this.acknowledged.staleRefused += 1;
    }
  }

  async #add(remote: Remote): Promise<boolean> {
    const number = (this.#number += 1);
    const record = loadRecord(this.#bmc, number, this.#random.bytes(6));
    this.#model.begin({ kind: 'add', number, hex: recordOf(record).hex });
    const outcome = await remote.ask(addSelEntry, { record });
    if (outcome === UNANSWERED) return false;
    return this.#take(outcome.completionCode, 'added', outcome.value?.recordId);
  }

  async #delete(remote: Remote): Promise<boolean> {
    const recordId = this.#model.someId(this.#random.below(1_000) / 1_000);
    if (recordId === undefined) return true;
    const reservationId = await this.#reserve(remote);
    if (reservationId === undefined) return false;
    this.#model.begin({ kind: 'delete', id: recordId });
    const code = await codeOf(remote.ask(deleteSelEntry, { reservationId, recordId }));
    if (code === undefined) return false;
    // The domain's own records may have pushed it out meanwhile, or others, which ends the reservation.
    const mayFail =
      code === completionCode.reservationCancelled || code === completionCode.requestedDataNotPresent;
    if (mayFail && this.#model.isNearlyFull) {
      this.#model.refused();
      return true;
    }
    return this.#take(code, 'deleted');
  }

  async #setTime(remote: Remote): Promise<boolean> {
    const offset = this.#random.below(2 * FURTHEST_S) - FURTHEST_S;
    this.#offsets = [...this.#offsets, offset];
    const code = await codeOf(remote.ask(setSelTime, { time: Math.floor(Date.now() / 1_000) + offset }));
    if (code === undefined) return false;
    if (code !== 0) throw new Error(`Set SEL Time: ${hexCode(code)}`);
    this.#offsets = [offset];
    this.acknowledged.timesSet += 1;
    return true;
  }

  /** A reservation ends when there is a newer one (v2.0§31.4). */
  async #useStale(remote: Remote): Promise<boolean> {
    const reservationId = await this.#reserve(remote);
    if (reservationId === undefined || (await this.#reserve(remote)) === undefined) return false;
    const code = await codeOf(remote.ask(deleteSelEntry, { reservationId, recordId: LAST_RECORD }));
    if (code === undefined) return false;
    if (code !== completionCode.reservationCancelled)
      throw new Error(`a delete by an old reservation: ${hexCode(code)}`);
    this.acknowledged.staleRefused += 1;
    return true;
  }

  async #reserve(remote: Remote): Promise<number | undefined> {
    const outcome = await remote.ask(reserveSel, undefined);
    if (outcome === UNANSWERED) return undefined;
    if (outcome.value === undefined) throw new Error(`Reserve SEL: ${hexCode(outcome.completionCode)}`);
    this.#reservation = outcome.value.reservationId;
    return this.#reservation;
  }

  #take(code: number, what: 'added' | 'deleted' | 'cleared', id?: number): boolean {
    if (code !== 0) throw new Error(`a record was not ${what}: ${hexCode(code)}`);
    this.#model.done(id);
    this.acknowledged[what] += 1;
    return true;
  }
}

/** `undefined`: there was no answer. */
async function codeOf(asked: ReturnType<Remote['ask']>): Promise<number | undefined> {
  const outcome = await asked;
  return outcome === UNANSWERED ? undefined : outcome.completionCode;
}

export async function readLog(remote: Remote): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  let recordId = FIRST_RECORD;
  do {
    const part = { reservationId: 0, recordId, offset: 0, count: WHOLE_RECORD };
    const outcome = await remote.ask(getSelEntry, part);
    if (outcome === UNANSWERED) throw new Error('Get SEL Entry was not answered');
    if (outcome.completionCode === completionCode.requestedDataNotPresent && records.length === 0) return [];
    if (outcome.value === undefined) throw new Error(`Get SEL Entry: ${hexCode(outcome.completionCode)}`);
    records.push(recordOf(outcome.value.bytes));
    recordId = outcome.value.nextRecordId;
  } while (recordId !== LAST_RECORD);
  return records;
}
