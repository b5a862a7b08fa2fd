import { WorkerRequests } from '#supervisor/worker/worker-requests.ts';

test('an answer that vbmcd had no processor to read counts though its deadline has passed', async () => {
  const timers: (() => void)[] = [];
  const clock = {
    now: () => 0,
    date: () => new Date(0),
    after: (_delayMs: number, callback: () => void) => {
      timers.push(callback);
      return () => undefined;
    },
  };
  const requests = new WorkerRequests(clock, () => undefined);
  const answer = { type: 'usersUpdated', requestId: 1, endedSessions: 2 } as const;
  const asked = requests.ask({ type: 'updateUsers', users: [], userSlots: [] }, 'usersUpdated', 2_500);
  timers.shift()?.();
  // Node reads its sockets between two rounds of timers.
  requests.answer(answer);
  expect(await asked).toEqual(answer);

  const silent = requests.ask({ type: 'updateUsers', users: [], userSlots: [] }, 'usersUpdated', 2_500);
  timers.at(-1)?.();
  timers.at(-1)?.();
  expect(await silent).toBeUndefined();
});
