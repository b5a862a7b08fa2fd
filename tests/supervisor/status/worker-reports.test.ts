/** What the reports of workers make in the log: sessions folded, and bounded lines that clients cause. */
import type { BmcEvent } from '@vbmc/bmc-worker/ipc';
import { BmcHistory } from '#supervisor/status/bmc-history.ts';
import { LogBudgets } from '#supervisor/status/log-budgets.ts';
import { FOLDED_MS } from '#supervisor/status/session-folds.ts';
import { WorkerReports } from '#supervisor/status/worker-reports.ts';
import { testDependencies } from '#support/supervisor/dependencies.ts';

interface Scene {
  readonly bmcs: readonly WorkerReports[];
  readonly lines: string[];
  readonly advance: (ms: number) => void;
  readonly counted: readonly string[];
}
function scene(bmcs = 1): Scene {
  const { dependencies, clock, counted } = testDependencies();
  const lines: string[] = [];
  const logBudgets = new LogBudgets();
  const reports = Array.from(
    { length: bmcs },
    (_, n) =>
      new WorkerReports({
        ...{ bmc: `bmc-${n}`, clock, logBudgets, meter: dependencies.meter, history: new BmcHistory() },
        log: (level, message) => lines.push(`${level} ${message}`),
      }),
  );
  return {
    bmcs: reports,
    lines,
    counted,
    advance: (ms) => {
      clock.advance(ms);
    },
  };
}
function opened(user: string, source: string): BmcEvent {
  return { kind: 'sessionOpened', user, source, cipherSuiteId: 17, privilege: 'user' };
}
function closed(user: string, source: string): BmcEvent {
  return { kind: 'sessionClosed', user, source, cause: 'closed' };
}
const refused: BmcEvent = { kind: 'sessionRefused', user: 'x', source: 's:1', reason: 'r' };

test('sessions of one user at one address are told once, and their number after a minute; all are counted', () => {
  const { bmcs, lines, advance, counted } = scene();
  for (let n = 0; n < 1_000; n += 1) {
    bmcs[0]?.event(opened('monitor', `192.0.2.7:${n}`));
    bmcs[0]?.event(closed('monitor', `192.0.2.7:${n}`));
  }
  bmcs[0]?.event(opened('monitor', '192.0.2.8:1'));
  bmcs[0]?.event(opened('admin', '[2001:db8::7]:9'));
  expect(lines).toEqual([
    'info session opened by "monitor" from 192.0.2.7:0 (cipher suite 17, up to user)',
    'debug session of "monitor" from 192.0.2.7:0 ended: closed by the remote console',
    'info session opened by "monitor" from 192.0.2.8:1 (cipher suite 17, up to user)',
    'info session opened by "admin" from [2001:db8::7]:9 (cipher suite 17, up to user)',
  ]);
  expect(counted.filter((line) => line.includes('sessionOpened'))).toHaveLength(1_002);

  advance(FOLDED_MS);
  expect(lines.slice(4)).toEqual([
    'info session opened by "monitor" from 192.0.2.7 (cipher suite 17, up to user); 999 times since the last such line',
    'debug session of "monitor" from 192.0.2.7 ended: closed by the remote console; 999 times since the last such line',
  ]);
  advance(FOLDED_MS);
  bmcs[0]?.event(opened('monitor', '192.0.2.7:5'));
  expect(lines).toHaveLength(7);
});

test('sessions that wait to be told are told when the worker ends', () => {
  const { bmcs, lines, advance } = scene();
  for (const port of [1, 2, 3]) bmcs[0]?.event(opened('monitor', `192.0.2.7:${port}`));
  bmcs[0]?.workerGone();
  expect(lines.at(-1)).toContain('; 2 times since the last such line');
  advance(10 * FOLDED_MS);
  expect(lines).toHaveLength(2);
});

test('the same end of a session for another cause is told', () => {
  const { bmcs, lines } = scene();
  bmcs[0]?.event(closed('monitor', '192.0.2.7:1'));
  bmcs[0]?.event({ kind: 'sessionClosed', user: 'monitor', source: '192.0.2.7:2', cause: 'displaced' });
  expect(lines.at(-1)).toBe(
    'info session of "monitor" from 192.0.2.7:2 ended: an administrator needed its place',
  );
});

test('users at however many addresses make a bounded number of lines', () => {
  const { bmcs, lines, advance } = scene();
  for (let n = 0; n < 10_000; n += 1) bmcs[0]?.event(opened('monitor', `[2001:db8::${n.toString(16)}]:1`));
  advance(FOLDED_MS);
  expect(lines.length).toBeLessThan(150);
  expect(lines.at(-1)).toContain('"any other user" from other addresses');
});

test('refusals at many BMCs have one budget, and leave that of lock-outs and of power commands alone', () => {
  const { bmcs, lines } = scene(50);
  for (const bmc of bmcs) for (let n = 0; n < 100; n += 1) bmc.event(refused);
  expect(lines).toHaveLength(200);

  bmcs[7]?.event({ kind: 'loginLockedOut', user: 'admin', source: 's', failures: 10, lockoutMs: 60_000 });
  bmcs[8]?.event({
    ...{ kind: 'domainActionFinished', action: 'chassisControl', description: 'power off' },
    ...{ user: 'admin', source: 's:1', durationMs: 10 },
  });
  expect(lines.slice(200)).toEqual([
    'warn "admin" from s is locked out for 60 s after 10 failed logins in a row',
    'info power off by "admin" from s:1: done in 0.01 s',
  ]);
});

test('sessions that the worker had to leave out make a bounded number of lines', () => {
  const { bmcs, lines } = scene();
  for (let n = 0; n < 1_000; n += 1) bmcs[0]?.event({ kind: 'reportsLost', count: 300 });
  expect(lines).toHaveLength(200);
});

test('refusals that were left out are counted in the next line', () => {
  const { bmcs, lines, advance } = scene(3);
  for (const bmc of bmcs) for (let n = 0; n < 150; n += 1) bmc.event(refused);
  advance(60_000);
  bmcs[2]?.event({ ...refused, omitted: 7 });
  expect(lines.slice(200)).toEqual([
    'warn 157 lines like the next one were left out',
    'warn session refused to "x" from s:1: r (no answer)',
  ]);
});
