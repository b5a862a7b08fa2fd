import {
  addSelEntry,
  clearSel,
  deleteSelEntry,
  getSelEntry,
  getSelInfo,
  getSelTime,
  getSystemRestartCause,
  reserveSel,
  type Command,
} from '@vbmc/ipmi-codec';
import type { EventLogView } from '#worker/core/terms/event-log-questions.ts';
import type { LogEntry } from '#worker/core/terms/log-fact.ts';
import { login, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';

const RESERVATION_CANCELED = 0xc5;
const OUT_OF_RANGE = 0xc9;
const NOT_PRESENT = 0xcb;
const OUT_OF_SPACE = 0xc4;
const TYPE_NOT_SUPPORTED = 0x80;

const entries: readonly LogEntry[] = [1, 2, 5].map((id) => ({ id, at: 100 + id, fact: { kind: 'nmi' } }));

function viewOf(parts: Partial<EventLogView> = {}): EventLogView {
  return { version: 7, entries, capacity: 512, removals: 0, hasOverflowed: false, time: 1_000, ...parts };
}

let bmc: SimulatedBmc;
let console: RemoteConsole;
beforeEach(() => {
  bmc = SimulatedBmc.started();
  console = login(bmc);
});

/** Sends a request, answers the question that it asks, if any, and returns the completion code and the value. */
function ask<Request, Response>(
  command: Command<Request, Response>,
  request: NoInfer<Request>,
  answer: () => ReturnType<SimulatedBmc['answer']> = () => bmc.answerAll(),
) {
  const sent = bmc.send(console.request(command, request));
  const read = readOnly(console, sent.length > 0 ? sent : answer());
  if (read.kind !== 'response') throw new Error(JSON.stringify(read));
  return { code: read.completionCode, value: read.value as Response };
}

function readLog(view = viewOf()) {
  return () => bmc.answer('readEventLog', { ok: true, value: view });
}

const whole = { reservationId: 0, offset: 0, count: 0xff };

test('each record leads to the next, by first and last too; a missing one is CBh', () => {
  const next = (recordId: number) => ask(getSelEntry, { ...whole, recordId }, readLog());
  expect(next(0).value).toMatchObject({ nextRecordId: 2 });
  expect(next(2).value).toMatchObject({ nextRecordId: 5 });
  expect(next(5).value).toMatchObject({ nextRecordId: 0xffff });
  expect([...next(0xffff).value.bytes.subarray(0, 2)]).toEqual([5, 0]);
  expect(next(3).code).toBe(NOT_PRESENT);
  const empty = viewOf({ version: 8, entries: [] });
  bmc.now += 1_000;
  expect(ask(getSelEntry, { ...whole, recordId: 0 }, readLog(empty)).code).toBe(NOT_PRESENT);
});

test('a listing asks the supervisor a few times, and not for the entries that are known', () => {
  for (let read = 0; read < 20; read += 1) ask(getSelEntry, { ...whole, recordId: 0 }, readLog());
  expect(bmc.questions).toEqual([{ id: 1, question: { kind: 'readEventLog' } }]);
  bmc.now += 250;
  const same = { version: 7, capacity: 512, removals: 0, hasOverflowed: false, time: 1_000 };
  expect(ask(getSelInfo, undefined, readLog(same)).value).toMatchObject({
    recordCount: 3,
    freeBytes: 509 * 16,
  });
  expect(bmc.questions.at(-1)?.question).toEqual({ kind: 'readEventLog', known: 7 });
});

test('after a change nothing is known, though an answer from before it comes later', () => {
  ask(getSelInfo, undefined, readLog());
  const other = login(bmc);
  bmc.now += 250;
  bmc.send(other.request(getSelInfo, undefined));
  const record = Uint8Array.of(0, 0, 0x02, ...new Uint8Array(13));
  const added = ask(addSelEntry, { record }, () => bmc.answer('addLogRecord', { ok: true, value: 6 }));
  expect(added.value).toEqual({ recordId: 6 });
  bmc.answer('readEventLog', { ok: true, value: viewOf() });
  const later = viewOf({ version: 8, entries: [...entries, { id: 6, at: 1, fact: { kind: 'nmi' } }] });
  expect(ask(getSelInfo, undefined, readLog(later)).value).toMatchObject({ recordCount: 4 });
});

test('a record is read in pieces under a reservation', () => {
  const piece = { recordId: 1, offset: 14, count: 2 };
  expect(ask(getSelEntry, { ...piece, reservationId: 0 }).code).toBe(RESERVATION_CANCELED);
  const { reservationId } = ask(reserveSel, undefined, readLog()).value;
  expect([...ask(getSelEntry, { ...piece, reservationId }, readLog()).value.bytes]).toEqual([0xff, 0xff]);
  expect(ask(getSelEntry, { ...piece, offset: 16, reservationId }).code).toBe(OUT_OF_RANGE);
  ask(reserveSel, undefined, readLog());
  expect(ask(getSelEntry, { ...piece, reservationId }).code).toBe(RESERVATION_CANCELED);
});

test('records are deleted and the log is cleared under a reservation, which both end', () => {
  const { reservationId } = ask(reserveSel, undefined, readLog()).value;
  const gone = ask(deleteSelEntry, { reservationId, recordId: 0 });
  expect(bmc.questions.at(-1)?.question).toEqual({ kind: 'deleteLogEntry', which: 'first', removals: 0 });
  expect(gone.value).toEqual({ recordId: 1 });
  expect(ask(clearSel, { reservationId, action: 'initiate' }).code).toBe(RESERVATION_CANCELED);
  const again = ask(reserveSel, undefined, readLog(viewOf({ removals: 1 }))).value;
  const absent = ask(deleteSelEntry, { ...again, recordId: 9 }, () =>
    bmc.answer('deleteLogEntry', { ok: true, value: undefined }),
  );
  expect(absent.code).toBe(NOT_PRESENT);
  expect(ask(clearSel, { ...again, action: 'initiate' }).value).toEqual({ progress: 1 });
  expect(bmc.questions.at(-1)?.question).toEqual({ kind: 'clearEventLog', removals: 1 });
  expect(ask(clearSel, { ...again, action: 'getStatus' }).value).toEqual({ progress: 1 });
  expect(ask(clearSel, { ...again, action: 'initiate' }).code).toBe(RESERVATION_CANCELED);
  expect(ask(deleteSelEntry, { ...again, recordId: 1 }).code).toBe(RESERVATION_CANCELED);
  ask(reserveSel, undefined, readLog(viewOf({ removals: 2 })));
  expect(ask(clearSel, { ...again, action: 'getStatus' }).code).toBe(RESERVATION_CANCELED);
});

test('a reservation that an earlier worker has given is none, though this one has given as many', () => {
  const lost = ask(reserveSel, undefined, readLog()).value;
  bmc = SimulatedBmc.started({ random: seededBytes(2) });
  console = login(bmc);
  const { reservationId } = ask(reserveSel, undefined, readLog()).value;
  expect(ask(deleteSelEntry, { ...lost, recordId: 1 }).code).toBe(RESERVATION_CANCELED);
  expect(ask(deleteSelEntry, { reservationId, recordId: 1 }).value).toEqual({ recordId: 1 });
});

describe('a log that has dropped its oldest entry', () => {
  const reserved = () => ask(reserveSel, undefined, readLog()).value;
  const cancelled = (kind: 'clearEventLog' | 'deleteLogEntry') => () =>
    bmc.answer(kind, { ok: true, value: 'cancelled' });

  test('is not cleared under an earlier reservation', () => {
    const { reservationId } = reserved();
    const clear = { reservationId, action: 'initiate' } as const;
    expect(ask(clearSel, clear, cancelled('clearEventLog')).code).toBe(RESERVATION_CANCELED);
    expect(ask(clearSel, { ...clear, action: 'getStatus' }).code).toBe(RESERVATION_CANCELED);
  });

  test('keeps what is to be deleted under one', () => {
    const deleted = ask(deleteSelEntry, { ...reserved(), recordId: 1 }, cancelled('deleteLogEntry'));
    expect(deleted.code).toBe(RESERVATION_CANCELED);
  });

  test('is not read in pieces under one', () => {
    const request = { ...reserved(), recordId: 2, offset: 14, count: 2 };
    bmc.now += 250;
    const wrapped = viewOf({ version: 8, removals: 1 });
    expect(ask(getSelEntry, request, readLog(wrapped)).code).toBe(RESERVATION_CANCELED);
  });
});

test('a record of an unknown type is refused, and one for which there is no room', () => {
  const recordOf = (type: number) => ({ record: Uint8Array.of(0, 0, type, ...new Uint8Array(13)) });
  expect(ask(addSelEntry, recordOf(0x03)).code).toBe(TYPE_NOT_SUPPORTED);
  const full = () => bmc.answer('addLogRecord', { ok: true, value: undefined });
  expect(ask(addSelEntry, recordOf(0xe0), full).code).toBe(OUT_OF_SPACE);
});

test('the time is asked for each time; an overflow is told', () => {
  expect(ask(getSelTime, undefined, readLog()).value).toEqual({ time: 1_000 });
  expect(ask(getSelTime, undefined, readLog(viewOf({ time: 1_001 }))).value).toEqual({ time: 1_001 });
  bmc.now += 1_000;
  const full = viewOf({ version: 9, hasOverflowed: true });
  expect(ask(getSelInfo, undefined, readLog(full)).value).toMatchObject({
    operations: 0x8b,
    lastErase: 0xffffffff,
  });
});

test.each([
  ['unknown', 0, 0],
  ['command', 1, 1],
  ['other', 3, 0],
  ['policyAlwaysOn', 6, 0],
  ['policyPreviousState', 7, 0],
  ['guestReset', 10, 0],
  ['watchdog', 4, 0],
] as const)('the restart cause %s is %i by channel %i', (startCause, cause, channel) => {
  const told = () => bmc.answer('readDomainRun', { ok: true, value: { operatingSeconds: 0, startCause } });
  expect(ask(getSystemRestartCause, undefined, told).value).toEqual({ cause, channel });
});
