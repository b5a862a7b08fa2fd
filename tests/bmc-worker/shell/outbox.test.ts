import type { BmcEvent, WorkerMessage } from '#worker/ipc/protocol.ts';
import { Outbox } from '#worker/shell/outbox.ts';
import { noFigures } from '#support/supervisor/no-figures.ts';

function closed(user: string): BmcEvent {
  return { kind: 'sessionClosed', source: 's', user, cause: 'closed' };
}
const refused: BmcEvent = { kind: 'sessionRefused', source: 's', user: 'u', reason: 'unauthorizedName' };
const poweredOff: BmcEvent = {
  ...{ kind: 'domainActionFinished', action: 'chassisControl', description: 'power off' },
  ...{ user: 'u', source: 's', durationMs: 1 },
};
const ready = { type: 'ready', address: '127.0.0.1', port: 623 } as const;

function outboxWithClock() {
  const sent: WorkerMessage[] = [];
  const due: { readonly ms: number; readonly act: () => void }[] = [];
  const supervisor = { unreadBytes: 0 };
  const outbox = new Outbox({
    send: (message) => sent.push(message),
    after: (ms, act) => due.push({ ms, act }),
    unreadBytes: () => supervisor.unreadBytes,
  });
  const passTime = (): void => {
    for (const { act } of due.splice(0)) act();
  };
  return { outbox, sent, due, passTime, supervisor };
}

test('events about sessions are sent together, in order and soon', () => {
  const { outbox, sent, due, passTime } = outboxWithClock();
  for (const user of ['a', 'b', 'c']) outbox.report(closed(user));
  expect(sent).toEqual([]);
  expect(due.map(({ ms }) => ms)).toEqual([20]);
  passTime();
  expect(sent).toEqual([{ type: 'events', events: ['a', 'b', 'c'].map(closed) }]);
  outbox.report(closed('d'));
  passTime();
  expect(sent.at(-1)).toEqual({ type: 'events', events: [closed('d')] });
});

test('every other event is sent at once, after the waiting ones', () => {
  const { outbox, sent, passTime } = outboxWithClock();
  outbox.report(closed('a'));
  outbox.report(refused);
  expect(sent).toEqual([{ type: 'events', events: [closed('a'), refused] }]);
  passTime();
  expect(sent).toHaveLength(1);
});

test('messages do not overtake events', () => {
  const { outbox, sent } = outboxWithClock();
  outbox.report(closed('a'));
  outbox.post(ready);
  outbox.post(ready);
  expect(sent).toEqual([{ type: 'events', events: [closed('a')] }, ready, ready]);
});

test('a message never holds more than 256 events', () => {
  const { outbox, sent, passTime } = outboxWithClock();
  for (let count = 0; count < 1_000; count += 1) outbox.report(closed(String(count)));
  passTime();
  const sizes = sent.map((message) => (message.type === 'events' ? message.events.length : 0));
  expect(sizes).toEqual([256, 256, 256, 232]);
  expect(sent.flatMap((message) => (message.type === 'events' ? message.events : []))).toEqual(
    Array.from({ length: 1_000 }, (_, count) => closed(String(count))),
  );
});

test('while the supervisor does not read, reports are left out, and it learns how many; answers are sent', () => {
  const { outbox, sent, passTime, supervisor } = outboxWithClock();
  const pong = { type: 'pong', requestId: 1, ...noFigures } as const;
  const call = { type: 'virshCall', verb: 'domstate', durationMs: 1, outcome: 'ok' } as const;
  supervisor.unreadBytes = 1_048_577;
  for (let count = 0; count < 1_000; count += 1) outbox.report(closed(String(count)));
  passTime();
  outbox.report(refused);
  outbox.post(call);
  outbox.post(pong);
  expect(sent).toEqual([pong]);
  supervisor.unreadBytes = 0;
  outbox.report(refused);
  const lost = { kind: 'reportsLost', count: 1_002 };
  expect(sent.slice(1)).toEqual([{ type: 'events', events: [lost, refused] }]);
  outbox.post(call);
  expect(sent.slice(2)).toEqual([call]);
});

test('sessions leave room for a power command, for a supervisor that is slow to read', () => {
  const { outbox, sent, passTime, supervisor } = outboxWithClock();
  supervisor.unreadBytes = 600_000;
  for (let count = 0; count < 1_000; count += 1) outbox.report(closed(String(count)));
  outbox.report(poweredOff);
  passTime();
  expect(sent).toEqual([{ type: 'events', events: [poweredOff] }]);

  supervisor.unreadBytes = 1_048_577;
  outbox.report(poweredOff);
  supervisor.unreadBytes = 500_000;
  outbox.report(closed('a'));
  passTime();
  const lost = { kind: 'reportsLost', count: 1_001 };
  expect(sent.slice(1)).toEqual([{ type: 'events', events: [lost, closed('a')] }]);
});
