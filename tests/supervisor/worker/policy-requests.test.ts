import type { PowerRestorePolicy } from '@vbmc/bmc-worker/ipc';
import { PolicyRequests } from '#supervisor/worker/policy-requests.ts';

function scene() {
  const stores: { policy: PowerRestorePolicy; finish: (failure?: string) => void }[] = [];
  const answers: [number, string | undefined][] = [];
  const requests = new PolicyRequests({
    store: async (policy) =>
      new Promise((resolve) => {
        stores.push({ policy, finish: resolve });
      }),
    answer: (requestId, failure) => answers.push([requestId, failure]),
  });
  const take = (requestId: number, policy: PowerRestorePolicy = 'alwaysOn'): void => {
    void requests.take({ requestId, policy });
  };
  const finish = async (failure?: string): Promise<void> => {
    stores.at(-1)?.finish(failure);
    await new Promise(setImmediate);
  };
  return { requests, stores, answers, take, finish };
}

test('each request is stored and answered, with the reason if it failed', async () => {
  const { stores, answers, take, finish } = scene();
  take(1, 'alwaysOn');
  await finish();
  take(2, 'previousState');
  await finish('EROFS');
  expect(stores.map(({ policy }) => policy)).toEqual(['alwaysOn', 'previousState']);
  expect(answers).toEqual([
    [1, undefined],
    [2, 'EROFS'],
  ]);
});

test('a storm of requests becomes two writes, and each request gets its answer', async () => {
  const { stores, answers, take, finish } = scene();
  for (let id = 1; id <= 1_000; id += 1) take(id, id === 1_000 ? 'previousState' : 'alwaysOn');
  expect(stores).toHaveLength(1);
  expect(answers).toHaveLength(998);
  expect(answers.every(([, failure]) => failure === 'a later request overtook it')).toBe(true);
  await finish();
  expect(stores.map(({ policy }) => policy)).toEqual(['alwaysOn', 'previousState']);
  await finish();
  expect(answers.slice(998)).toEqual([
    [1, undefined],
    [1_000, undefined],
  ]);
});

test('a worker gets no answer to a request of its predecessor', async () => {
  const { requests, stores, answers, take, finish } = scene();
  take(1);
  take(2);
  requests.forget();
  take(1, 'previousState');
  await finish();
  expect(answers).toEqual([]);
  await finish();
  expect(stores.map(({ policy }) => policy)).toEqual(['alwaysOn', 'previousState']);
  expect(answers).toEqual([[1, undefined]]);
});
