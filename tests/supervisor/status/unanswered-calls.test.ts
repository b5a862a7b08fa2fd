import { UnansweredCalls } from '#supervisor/status/unanswered-calls.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function scene(): { clock: VirtualClock; calls: UnansweredCalls } {
  const clock = new VirtualClock();
  clock.advance(100_000);
  return { clock, calls: new UnansweredCalls(clock) };
}

function at(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

test('the oldest is told, whoever waits for it', () => {
  const { clock, calls } = scene();
  expect(calls.describe()).toBeNull();
  calls.noteWorker({ verb: 'start', forMs: 20_000, calls: 2 });
  expect(calls.describe()).toEqual({ since: at(80), call: 'start' });
  expect(calls.calls).toBe(2);
  clock.advance(5_000);
  calls.noteWatch(60_000);
  expect(calls.describe()).toEqual({ since: at(45), call: null });
  calls.noteWatch(undefined);
  expect(calls.describe()).toEqual({ since: at(80), call: 'start' });
});

test('nothing is owed when libvirt has answered, or the worker has gone', () => {
  const { calls } = scene();
  calls.noteWorker({ verb: 'domstate', forMs: 1, calls: 1 });
  calls.noteWorker({ forMs: 0, calls: 0 });
  expect(calls.describe()).toBeNull();
  expect(calls.calls).toBe(0);
  calls.noteWorker({ verb: 'domstate', forMs: 1, calls: 1 });
  calls.noteWatch(1);
  calls.forget();
  expect(calls.describe()).toBeNull();
});

test('a worker that lies about the time and the verb makes no invalid instant and no control character', () => {
  const { calls } = scene();
  calls.noteWorker({ verb: 'x\u001b[2J', forMs: Number.MAX_VALUE, calls: 1 });
  expect(calls.describe()).toEqual({
    since: new Date(100_000 - 31_536_000_000).toISOString(),
    call: 'x\\u001b[2J',
  });
});
