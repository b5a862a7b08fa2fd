import { jest } from '@jest/globals';
import type { BmcEvent, WorkerMessage } from '#worker/ipc/protocol.ts';
import { OwedStartStore } from '#worker/shell/owed-start-store.ts';

const start = {
  ...{ description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' },
  uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
};

/** `answers`: what the supervisor says to each request; `undefined`: it is silent. */
function scene(answers: readonly (string | null | undefined)[]) {
  const sent: WorkerMessage[] = [];
  const events: BmcEvent[] = [];
  const left = [...answers];
  const store: OwedStartStore = new OwedStartStore({
    send: (message) => {
      sent.push(message);
      const answer = left.shift();
      if (answer === undefined || !('requestId' in message)) return;
      const { requestId } = message;
      queueMicrotask(() => {
        store.takeAnswer({ type: 'owedStartNoted', requestId, ...(answer !== null && { failure: answer }) });
      });
    },
    report: (event) => events.push(event),
  });
  return { store, sent, events };
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

test('a note is confirmed, and taken back', async () => {
  const { store, sent, events } = scene([null, undefined, null]);
  await store.note(start);
  expect(store.mayExist).toBe(true);
  store.noteDestroy();
  await store.end('done');
  expect(store.mayExist).toBe(false);
  expect(sent).toEqual([
    { type: 'owedStart', requestId: 1, ...start },
    { type: 'owedStartDestroys' },
    { type: 'owedStartEnded', requestId: 2, how: 'done' },
  ]);
  expect(events).toEqual([]);
});

test('a note that is left names the override that no start has used', async () => {
  const { store, sent } = scene([null]);
  await store.end('left', 'no libvirt', 'some-id');
  expect(sent).toEqual([
    { type: 'owedStartEnded', requestId: 1, how: 'left', why: 'no libvirt', unusedOverride: 'some-id' },
  ]);
});

test('a note that is not stored is reported, and the change goes on', async () => {
  const { store, events } = scene(['ENOSPC']);
  expect(await store.note(start)).toBe(true);
  expect(events).toEqual([
    {
      ...{ kind: 'changeNotProtected', description: 'power cycle', user: 'admin' },
      ...{ source: '192.0.2.7:40000', reason: 'ENOSPC' },
    },
  ]);
});

test('a supervisor that stands still for 5 s has no note, and finds it taken back when it goes on', async () => {
  const { store, sent, events } = scene([]);
  const noted = store.note(start);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await noted).toBe(false);
  expect(events).toEqual([]);
  expect(sent).toEqual([
    { type: 'owedStart', requestId: 1, ...start },
    { type: 'owedStartEnded', requestId: 2, how: 'calledOff' },
  ]);
  expect(store.takeUp()).toBe(false);
});

test('the end of a note that was refused, confirmed late, does not concern the next one', async () => {
  const { store } = scene([undefined, undefined, null]);
  const refused = store.note(start);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await refused).toBe(false);
  expect(await store.note(start)).toBe(true);
  store.takeAnswer({ type: 'owedStartNoted', requestId: 2 });
  await jest.advanceTimersByTimeAsync(0);
  expect(store.mayExist).toBe(true);
});

test('a start that is asked for is not the one that was overtaken', async () => {
  const { store } = scene([null]);
  await store.note(start);
  store.overtake();
  expect(store.takeUp()).toBe(true);
  expect(store.isOvertaken).toBe(false);
});

test('a start that a power off has called off is not taken up before the supervisor has confirmed that', async () => {
  const { store } = scene([null, undefined, null]);
  await store.note(start);
  const unanswered = store.end('calledOff');
  expect(store.takeUp()).toBe(false);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await unanswered).toBe('vbmcd has not answered for 5 s');
  expect(store.takeUp()).toBe(false);
  expect(store.mayExist).toBe(true);
  expect(await store.end('calledOff')).toBeUndefined();
  expect(store.takeUp()).toBe(true);
});

test('why a note cannot be taken back is told, and the note is taken back again at the next end', async () => {
  const { store } = scene([null, 'EROFS', null]);
  await store.note(start);
  expect(await store.end('calledOff')).toBe('EROFS');
  expect(store.mayExist).toBe(true);
  expect(await store.end('calledOff')).toBeUndefined();
  expect(store.mayExist).toBe(false);
});

test('what is left stays owed', async () => {
  const { store } = scene([null, null]);
  await store.note(start);
  store.overtake();
  expect(store.isOvertaken).toBe(true);
  await store.end('left');
  expect(store.mayExist).toBe(true);
  expect(store.takeUp()).toBe(true);
});

test('that the start before was overtaken, told late, does not concern the next one', async () => {
  const { store } = scene([undefined]);
  const noted = store.note(start);
  store.overtake();
  store.takeAnswer({ type: 'owedStartNoted', requestId: 1 });
  await noted;
  expect(store.isOvertaken).toBe(false);
  store.overtake();
  expect(store.isOvertaken).toBe(true);
});

test('nor when the supervisor confirms the next one late', async () => {
  const { store } = scene([]);
  const noted = store.note(start);
  await jest.advanceTimersByTimeAsync(5_000);
  await noted;
  store.overtake();
  store.takeAnswer({ type: 'owedStartNoted', requestId: 1 });
  expect(store.isOvertaken).toBe(false);
});
