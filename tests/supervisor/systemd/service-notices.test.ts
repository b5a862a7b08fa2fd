import type { Duties } from '#supervisor/systemd/watchdog-policy.ts';
import { ServiceNotices } from '#supervisor/systemd/service-notices.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function scene({ watchdogMs }: { watchdogMs: number | undefined } = { watchdogMs: 30_000 }) {
  const clock = new VirtualClock();
  const sent: string[] = [];
  /** Whether systemd gets what is sent. */
  const reaches = { systemd: true };
  const logged: string[] = [];
  const duties: { -readonly [K in keyof Duties]: Duties[K] } = { controlAnswers: true, sinceLastPingMs: 0 };
  const notify = (assignments: readonly string[]): Promise<boolean> => {
    sent.push(assignments.join(' '));
    return Promise.resolve(reaches.systemd);
  };
  const notices = new ServiceNotices(
    { notify, watchdogMs },
    {
      clock,
      log: (level, message) => logged.push(`${level} ${message}`),
      checkDuties: () => Promise.resolve(duties),
      describe: () => 'well',
    },
  );
  const pass = async (durationMs: number): Promise<void> => {
    clock.advance(durationMs);
    await new Promise(setImmediate);
  };
  return { clock, sent, reaches, logged, duties, notices, pass };
}

test('ready when the first start is over, then signs of life', async () => {
  const { notices, sent, pass } = scene();
  let isOver = (): void => undefined;
  const started = new Promise<void>((resolve) => (isOver = resolve));
  const running = notices.run(started);
  await pass(20_000);
  expect(sent).toEqual([]);
  isOver();
  await running;
  expect(sent).toEqual(['READY=1 STATUS=well']);
  await pass(9_999);
  expect(sent).toHaveLength(1);
  await pass(1);
  await pass(10_000);
  expect(sent.slice(1)).toEqual(['WATCHDOG=1 STATUS=well', 'WATCHDOG=1 STATUS=well']);
});

test('BMCs that do not start delay the readiness by a minute at most', async () => {
  const { notices, sent, pass } = scene({ watchdogMs: undefined });
  const running = notices.run(new Promise<void>(() => undefined));
  await pass(60_000);
  await running;
  expect(sent).toEqual(['READY=1 STATUS=well']);
  await pass(100_000);
  expect(sent).toHaveLength(1);
});

test('no sign of life while a duty is neglected', async () => {
  const { notices, sent, duties, logged, pass } = scene();
  await notices.run(Promise.resolve());
  duties.controlAnswers = false;
  await pass(10_000);
  expect(sent).toHaveLength(1);
  expect(logged).toEqual(['error no sign of life to systemd: the control socket does not answer']);
  duties.controlAnswers = true;
  await pass(10_000);
  expect(sent).toHaveLength(2);
});

test('a change is reported; after the notice of the stop nothing is', async () => {
  const { notices, sent, pass, clock } = scene();
  await notices.run(Promise.resolve());
  await notices.changed();
  expect(sent.at(-1)).toBe('STATUS=well');
  await notices.stopping();
  expect(sent.at(-1)).toBe('STOPPING=1 STATUS=stopping all BMCs');
  await notices.changed();
  await pass(60_000);
  expect(sent).toHaveLength(3);
  expect(clock.pendingTimers).toBe(0);
});

test('after a stop during the start the service is never reported ready', async () => {
  const { notices, sent } = scene();
  let isOver = (): void => undefined;
  const running = notices.run(new Promise<void>((resolve) => (isOver = resolve)));
  await notices.stopping();
  isOver();
  await running;
  expect(sent).toEqual(['STOPPING=1 STATUS=stopping all BMCs']);
});

test('what systemd did not get is sent again after a second, until it has it', async () => {
  const { notices, sent, reaches, pass } = scene();
  reaches.systemd = false;
  await notices.run(Promise.resolve());
  await pass(1_000);
  reaches.systemd = true;
  await pass(1_000);
  await pass(1_000);
  expect(sent).toEqual(['READY=1 STATUS=well', 'READY=1 STATUS=well', 'READY=1 STATUS=well']);
  reaches.systemd = false;
  await pass(7_000);
  await pass(1_000);
  reaches.systemd = true;
  await pass(1_000);
  await pass(1_000);
  expect(sent.slice(3)).toEqual([
    'WATCHDOG=1 STATUS=well',
    'WATCHDOG=1 STATUS=well',
    'WATCHDOG=1 STATUS=well',
  ]);
});

test('a sign that is sent again is not sent while a duty is neglected, nor while stopping', async () => {
  const { notices, sent, reaches, duties, pass } = scene();
  await notices.run(Promise.resolve());
  reaches.systemd = false;
  await pass(10_000);
  duties.controlAnswers = false;
  await pass(1_000);
  expect(sent).toEqual(['READY=1 STATUS=well', 'WATCHDOG=1 STATUS=well']);
  duties.controlAnswers = true;
  await pass(9_000);
  await notices.stopping();
  await pass(5_000);
  expect(sent.slice(2)).toEqual(['WATCHDOG=1 STATUS=well', 'STOPPING=1 STATUS=stopping all BMCs']);
});
