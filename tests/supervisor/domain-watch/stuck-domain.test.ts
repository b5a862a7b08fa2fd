/** A domain about which libvirt does not answer: the watch must not harm libvirtd, and the others stay known. */
import { URI, watchScene, type WatchScene } from '#support/supervisor/watch-scene.ts';

const STARTED = "event 'lifecycle' for domain 'a': Started Booted";

/** A watch that is up, with `a`, `b` and `c` running, and a snapshot that libvirt does not answer. */
function stuckScene(): WatchScene {
  const all = watchScene();
  for (const name of ['a', 'b', 'c']) all.subscribe(name);
  all.connect();
  all.snapshotTwice(['a', 1], ['b', 1], ['c', 1]);
  all.clock.advance(2_000);
  forget(all);
  all.clock.advance(10_000);
  return all;
}

function forget({ published, logged }: WatchScene): void {
  (published as string[]).length = 0;
  (logged as string[]).length = 0;
}

/** `a` does not answer, and the others do. */
function roundWithout({ clock, answer }: WatchScene): void {
  clock.advance(5_000);
  answer('b', 'running');
  answer('c', 'running');
}

test('a snapshot that is overdue is left, and the domains are asked singly', () => {
  const all = stuckScene();
  const { latestSnapshot, snapshots, streams, asked, published, clock, logged } = all;
  const left = snapshots.length;
  expect(latestSnapshot().runs).toBe(true);
  clock.advance(0);
  expect(asked()).toEqual(['a']);
  expect(published).toEqual([]);
  clock.advance(5_000);
  expect(asked()).toEqual(['a', 'b']);
  expect(published).toEqual(['a unanswered 5000']);
  all.answer('b', 'running');
  expect(asked()).toEqual(['a', 'c']);
  all.answer('c', 'shut off');
  expect(published.slice(1)).toEqual(['b running', 'c shutOff']);
  expect(logged.map((line) => line.replace(/ \(.*/, ''))).toEqual([
    `warn domain watch of ${URI}: virsh domstats has not ended after 10 s`,
    'warn libvirt does not answer about domain a: `virsh domstate` waits for 5 s',
  ]);
  expect(snapshots).toHaveLength(left);
  expect(streams).toHaveLength(1);
});

test('for as long as it is owed, no further question about the domain and no snapshot is asked', () => {
  const all = stuckScene();
  const { clock, snapshots, questions, asked, answer, published, logged } = all;
  all.clock.advance(0);
  roundWithout(all);
  const taken = snapshots.length;
  forget(all);
  for (let minute = 0; minute < 60; minute += 1) {
    clock.advance(30_000);
    answer('b', 'running');
    answer('c', 'running');
    clock.advance(30_000);
    answer('b', 'running');
    answer('c', 'running');
  }
  expect(asked()).toEqual(['a']);
  expect(snapshots).toHaveLength(taken);
  expect(questions).toHaveLength(3 + 60 * 4);
  expect(new Set(published)).toEqual(new Set(['b running', 'c running']));
  expect(logged).toEqual([]);
});

test('events of the others are published at once, and those of the stuck one when it answers', () => {
  const all = stuckScene();
  const { stream, published, answer, clock } = all;
  clock.advance(0);
  roundWithout(all);
  forget(all);
  stream().prints("event 'lifecycle' for domain 'b': Stopped Destroyed", STARTED);
  expect(published).toEqual(['b shutOff']);
  answer('a', 'shut off');
  // The answer is older than the event.
  expect(published.slice(1)).toEqual(['a running', 'a running started']);
});

test('when all have answered, a snapshot is taken, and everything is as before', () => {
  const all = stuckScene();
  const { published, answer, clock, latestSnapshot, snapshots, snapshot, logged, watches } = all;
  clock.advance(0);
  roundWithout(all);
  forget(all);
  const overdue = latestSnapshot();
  expect(watches.describe()).toMatchObject([{ state: 'partlyTrusted', unansweredDomains: 1 }]);
  answer('a', 'running');
  expect(published).toEqual(['a running']);
  clock.advance(3_000);
  expect(latestSnapshot()).toBe(overdue);
  // What it says is old.
  snapshot(['a', 5], ['b', 5], ['c', 5]);
  expect(published.slice(1)).toEqual([]);
  clock.advance(2_000);
  expect(latestSnapshot()).not.toBe(overdue);
  snapshot(['a', 1], ['b', 1], ['c', 1]);
  expect(watches.describe()).toEqual([{ connectionUri: URI, state: 'trusted', unansweredDomains: 0 }]);
  expect(logged).toEqual([
    'info libvirt answers about domain a again, after 5 s',
    `info domain watch of ${URI}: libvirt lists all domains again`,
  ]);
  const taken = snapshots.length;
  clock.advance(30_000);
  expect(snapshots.length).toBe(taken + 1);
});

test('a domain that is slow again and again is asked more and more rarely', () => {
  const all = stuckScene();
  const { clock, questions, asked, answer, latestSnapshot } = all;
  clock.advance(0);
  let waited = 0;
  for (let second = 0; second < 1_800; second += 1) {
    clock.advance(1_000);
    waited = asked().includes('a') ? waited + 1 : 0;
    for (const name of asked()) if (name !== 'a' || waited === 8) answer(name, 'running');
  }
  const times = questions.filter(({ command }) => command.args.at(-1)?.endsWith('61')).length;
  expect(times).toBeGreaterThan(4);
  expect(times).toBeLessThan(15);
  expect(latestSnapshot().runs).toBe(true);
});

test('at most four questions are owed at a time', () => {
  const all = watchScene();
  const { clock, asked, answer, published } = all;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) all.subscribe(name);
  all.connect();
  clock.advance(10_000);
  clock.advance(600_000);
  expect(asked()).toEqual(['a', 'b', 'c', 'd']);
  answer('d', 'running');
  expect(published).toContain('d running');
  clock.advance(60_000);
  expect(asked()).toEqual(['a', 'b', 'c', 'e']);
});

describe('a worker that libvirt owes an answer', () => {
  function up(): WatchScene {
    const all = watchScene();
    for (const name of ['a', 'b']) all.subscribe(name);
    all.connect();
    all.snapshotTwice(['a', 1], ['b', 1]);
    all.clock.advance(2_000);
    all.snapshot(['a', 1], ['b', 1]);
    forget(all);
    return all;
  }

  test('makes its domain unknown, which is not asked, and no snapshot is taken', () => {
    const all = up();
    const { report, clock, published, snapshots, asked, answer, questions } = all;
    const taken = snapshots.length;
    report('a', 'domstate');
    expect(published).toEqual(['a unanswered 20000']);
    all.subscribe('a');
    expect(published.slice(1)).toEqual(['a unanswered 20000']);
    for (let round = 0; round < 9; round += 1) {
      clock.advance(30_000);
      answer('b', 'running');
    }
    expect(snapshots).toHaveLength(taken);
    expect(questions).toHaveLength(9);
    expect(asked()).toEqual([]);
  });

  test('and gets it, has its domain asked at once; what was known before is not told meanwhile', () => {
    const all = up();
    const { report, clock, published, asked, answer, snapshots, logged } = all;
    report('a', 'domstate');
    report('a', 'destroy');
    clock.advance(10_000);
    const taken = snapshots.length;
    report('a');
    expect(published.at(-1)).toBe('a unknown');
    expect(asked()).toEqual(['a']);
    answer('a', 'shut off');
    expect(published.at(-1)).toBe('a shutOff');
    clock.advance(2_000);
    expect(snapshots).toHaveLength(taken + 1);
    expect(logged.at(-1)).toBe('info libvirt answers about domain a again, after 30 s');
  });

  describe('and says so for ever, is believed for five minutes', () => {
    test.each([
      ['in one claim', 0],
      ['in many', 10],
    ])('%s: then the watch asks itself, and takes its snapshots again', (_, claims) => {
      const all = up();
      const { report, clock, asked, answer, snapshots, published } = all;
      report('a', 'domstate');
      for (let count = 0; count < claims; count += 1) {
        clock.advance(20_000);
        for (const name of asked()) answer(name, 'running');
        report('a');
        answer('a', 'running');
        report('a', 'domstate');
      }
      while (clock.now() < 400_000 && !asked().includes('a')) {
        clock.advance(1_000);
        if (asked().includes('b')) answer('b', 'running');
      }
      forget(all);
      answer('a', 'shut off');
      expect(published).toEqual(['a shutOff']);
      const taken = snapshots.length;
      report('a', 'domstate');
      report('a', 'destroy');
      clock.advance(5_000);
      expect(snapshots).toHaveLength(taken + 1);
      expect(published).toEqual(['a shutOff']);
    });

    test('a domain about which libvirt does not answer the watch either stays unknown', () => {
      const all = up();
      const { report, clock, asked, answer, published, snapshots } = all;
      report('a', 'domstate');
      for (let round = 0; round < 20; round += 1) {
        clock.advance(15_000);
        if (asked().includes('b')) answer('b', 'running');
      }
      expect(asked()).toContain('a');
      clock.advance(5_000);
      const taken = snapshots.length;
      expect(published.at(-1)).toMatch(/^a unanswered/);
      clock.advance(300_000);
      expect(snapshots).toHaveLength(taken);
      report('a');
      answer('a', 'shut off');
      expect(published.at(-1)).toBe('a shutOff');
    });
  });

  test('to a define has its domain asked once: libvirt waits for another one', () => {
    const { report, published, asked, answer } = up();
    report('a', 'define');
    expect(published).toEqual([]);
    expect(asked()).toEqual(['a']);
    answer('a', 'paused');
    expect(published).toEqual(['a paused']);
  });

  test('and ends, leaves the question to the watch', () => {
    const all = watchScene();
    const leave = all.subscribe('a');
    all.subscribe('a');
    all.connect();
    all.snapshotTwice(['a', 1]);
    all.report('a', 'domstate');
    forget(all);
    leave();
    expect(all.published).toEqual([]);
    all.report('a');
    expect(all.asked()).toEqual(['a']);
  });
});

test('a watch without BMCs keeps what libvirt owes it, so that the next BMC does not ask again', () => {
  const all = watchScene();
  const { clock, snapshots, asked, subscribe, connect, watches, published } = all;
  const leave = subscribe('a');
  connect();
  clock.advance(15_000);
  expect(asked()).toEqual(['a']);
  leave();
  expect(watches.describe()).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
  subscribe('a');
  expect(published.at(-1)).toMatch(/^a unanswered/);
  connect();
  clock.advance(600_000);
  expect(asked()).toEqual(['a']);
  expect(snapshots).toHaveLength(1);
});

test('a name that virsh would take for an id is not asked by name', () => {
  const all = watchScene();
  all.subscribe('7');
  all.connect();
  all.clock.advance(60_000);
  expect(all.questions).toEqual([]);
});
