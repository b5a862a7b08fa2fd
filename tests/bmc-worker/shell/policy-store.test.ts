import { jest } from '@jest/globals';
import type { WorkerMessage } from '#worker/ipc/protocol.ts';
import { PolicyStore } from '#worker/shell/policy-store.ts';

function scene() {
  const sent: WorkerMessage[] = [];
  const late: string[] = [];
  const store = new PolicyStore(
    (message) => sent.push(message),
    (policy) => late.push(policy),
  );
  const answer = (requestId: number, failure?: string): void => {
    store.takeAnswer({
      type: 'powerRestorePolicyStored',
      requestId,
      ...(failure !== undefined && { failure }),
    });
  };
  return { store, sent, late, answer };
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

test('a policy is acknowledged when vbmcd says that it is stored', async () => {
  const { store, sent, late, answer } = scene();
  const outcome = store.store('alwaysOn');
  expect(sent).toEqual([{ type: 'powerRestorePolicy', requestId: 1, policy: 'alwaysOn' }]);
  answer(1);
  expect(await outcome).toEqual({ ok: true, facts: {} });
  expect(late).toEqual([]);
});

test('a policy that vbmcd cannot store is refused', async () => {
  const { store, late, answer } = scene();
  const outcome = store.store('alwaysOn');
  answer(1, 'EROFS');
  expect(await outcome).toEqual({
    ok: false,
    failure: { kind: 'notAchieved', message: 'the power restore policy was not stored: EROFS' },
  });
  expect(late).toEqual([]);
});

async function timedOut({ store }: ReturnType<typeof scene>, policy: 'alwaysOn' | 'previousState') {
  const outcome = store.store(policy);
  jest.advanceTimersByTime(10_000);
  return outcome;
}

test('a vbmcd that stands still is a time-out, and what it stores later counts from then on', async () => {
  const now = scene();
  expect(await timedOut(now, 'alwaysOn')).toMatchObject({ ok: false, failure: { kind: 'deadlineExceeded' } });
  expect(now.late).toEqual([]);
  now.answer(1);
  now.answer(1);
  expect(now.late).toEqual(['alwaysOn']);
});

test('what vbmcd could not store later either does not count', async () => {
  const now = scene();
  await timedOut(now, 'alwaysOn');
  await timedOut(now, 'previousState');
  now.answer(1, 'a later request overtook it');
  now.answer(2, 'EROFS');
  expect(now.late).toEqual([]);
});

test('a late answer ends no later request', async () => {
  const now = scene();
  await timedOut(now, 'alwaysOn');
  const outcome = now.store.store('previousState');
  now.answer(1);
  now.answer(2);
  expect(now.late).toEqual(['alwaysOn']);
  expect(await outcome).toEqual({ ok: true, facts: {} });
});

test('only so many answers are awaited', async () => {
  const now = scene();
  for (let request = 0; request <= 100; request += 1) await timedOut(now, 'alwaysOn');
  now.answer(1);
  expect(now.late).toEqual([]);
  now.answer(101);
  expect(now.late).toEqual(['alwaysOn']);
});
