/** A domain that a worker is starting is never asked alone: such a question may keep libvirt from changing any definition. */
import { watchScene, type WatchScene } from '#support/supervisor/watch-scene.ts';

/** A watch that is up, with `a` off, and `b` and `c` running. */
function up(): WatchScene {
  const all = watchScene();
  for (const name of ['a', 'b', 'c']) all.subscribe(name);
  all.connect();
  all.snapshotTwice(['a', 5], ['b', 1], ['c', 1]);
  all.clock.advance(2_000);
  all.snapshot(['a', 5], ['b', 1], ['c', 1]);
  all.forget();
  return all;
}

/** Lets time pass; `b` and `c` answer when they are asked. Returns all that have been asked. */
function live(all: WatchScene, ms: number): ReadonlySet<string> {
  const seen = new Set<string>();
  for (let passed = 0; passed < ms; passed += 500) {
    all.clock.advance(500);
    for (const name of all.asked()) {
      seen.add(name);
      if (name !== 'a') all.answer(name, 'running');
    }
  }
  return seen;
}

function unansweredDomains({ watches }: WatchScene): number | undefined {
  return watches.describe()[0]?.unansweredDomains;
}

test('a start that hangs for hours is not asked about alone, the others are, and the listing names it', () => {
  const all = up();
  all.reportStart('a', true);
  live(all, 20_000);
  all.report('a', 'start');
  expect(live(all, 3_600_000)).toEqual(new Set(['b', 'c']));
  expect(unansweredDomains(all)).toBe(1);
  expect(all.published.filter((line) => line.startsWith('a'))).toEqual([
    expect.stringMatching(/^a unanswered \d+$/),
  ]);
  expect(new Set(all.published.filter((line) => !line.startsWith('a')))).toEqual(
    new Set(['b running', 'c running']),
  );
  expect(all.logged.filter((line) => line.includes('does not answer about'))).toEqual([
    expect.stringContaining('about domain a: `virsh start` waits for'),
  ]);
  expect(all.allUnanswered).toEqual(['a true', 'b true', 'c true']);
});

test('when libvirt answers, everything is as before', () => {
  const all = up();
  all.reportStart('a', true);
  live(all, 60_000);
  const overdue = all.latestSnapshot();
  expect(overdue.runs).toBe(true);
  all.forget();
  all.snapshot(['a', 5], ['b', 1], ['c', 1]);
  expect(unansweredDomains(all)).toBe(0);
  expect(all.asked()).toEqual([]);
  all.reportStart('a', false);
  live(all, 5_000);
  expect(all.latestSnapshot()).not.toBe(overdue);
  all.snapshot(['a', 1], ['b', 1], ['c', 1]);
  expect(all.published.findLast((line) => line.startsWith('a'))).toBe('a running');
  expect(all.watches.describe()).toMatchObject([{ state: 'trusted', unansweredDomains: 0 }]);
  expect(all.allUnanswered.slice(-3)).toEqual(['a false', 'b false', 'c false']);
});

test('when the worker has its answer first, the domain is asked at once', () => {
  const all = up();
  all.reportStart('a', true);
  live(all, 60_000);
  all.reportStart('a', false);
  expect(all.asked()).toEqual(['a']);
  expect(unansweredDomains(all)).toBe(0);
  all.answer('a', 'shut off');
  expect(all.published.at(-1)).toBe('a shutOff');
});

// An emulator may take long, or hang; a question about all domains may wait for another one.
test.each([
  ['start', 1],
  ['domstats', 0],
])('a worker that is owed an answer to a %s does not have its domain asked alone', (verb, snapshotsMore) => {
  const { report, published, asked, clock, snapshots } = up();
  const taken = snapshots.length;
  report('a', verb);
  clock.advance(1_000);
  expect([published, asked()]).toEqual([[], []]);
  expect(snapshots).toHaveLength(taken + snapshotsMore);
});

test('a start that only takes long is told by a snapshot, and nobody is asked alone', () => {
  const all = up();
  all.reportStart('a', true);
  all.clock.advance(2_000);
  all.report('a', 'start');
  all.clock.advance(1_000);
  all.snapshot(['a', 1], ['b', 1], ['c', 1]);
  expect(all.published).toContain('a running');
  expect(all.questions).toEqual([]);
  expect(all.allUnanswered).toEqual([]);
});

test('a start that has just begun is not taken for the cause, and a domain that does not answer is', () => {
  const all = up();
  live(all, 4_000);
  all.clock.advance(9_500);
  all.reportStart('c', true);
  all.clock.advance(500);
  expect(all.asked()).toEqual(['a']);
  live(all, 10_000);
  expect(all.published).toContainEqual(expect.stringMatching(/^a unanswered/));
  live(all, 120_000);
  expect(unansweredDomains(all)).toBe(1);
  expect(all.published).not.toContainEqual(expect.stringMatching(/^c unanswered/));
});

test('a worker that says for ever that it starts its domain harms neither the snapshots nor another domain', () => {
  const all = up();
  all.reportStart('a', true);
  const taken = all.snapshots.length;
  for (let second = 0; second < 600; second += 1) {
    all.clock.advance(1_000);
    if (all.latestSnapshot().runs)
      all.snapshot(['a', all.snapshots.length % 2 === 0 ? 1 : 5], ['b', 1], ['c', 5]);
  }
  expect(all.snapshots.length).toBeGreaterThan(taken + 10);
  // What is told is what libvirt says.
  expect(all.published).toEqual(expect.arrayContaining(['a running', 'a shutOff', 'c shutOff']));
  expect(unansweredDomains(all)).toBe(0);
});

test('it leaves the start to libvirt when it ends: its domain is not asked alone until a snapshot has answered', () => {
  const all = watchScene();
  const leave = all.subscribe('a');
  all.subscribe('b');
  all.connect();
  all.snapshotTwice(['a', 5], ['b', 1]);
  all.reportStart('a', true);
  leave();
  all.subscribe('a');
  // It is looked for at once, and the snapshot hangs.
  const taken = all.snapshots.length;
  all.clock.advance(1_000);
  expect(all.snapshots).toHaveLength(taken + 1);
  expect(live(all, 600_000)).toEqual(new Set(['b']));
  expect(all.published.filter((line) => line.startsWith('a')).at(-1)).toMatch(/^a unanswered/);
  all.snapshot(['a', 5], ['b', 1]);
  live(all, 3_000);
  all.snapshot(['a', 1], ['b', 1]);
  expect(all.published.at(-1)).toBe('a running');
  // It has answered: the next snapshot that hangs has the domain asked.
  all.clock.advance(60_000);
  expect(all.asked()).toContain('a');
});

test('the survey of boot overrides leaves it out until the start has ended', () => {
  const all = up();
  all.reportStart('a', true);
  all.watches.beginSurveys();
  const surveyed = (): string => all.surveys.map(({ command }) => command.args.join(' ')).join('\n');
  expect(surveyed()).toContain('62 ');
  expect(surveyed()).not.toContain('000061');
  all.latestSurvey().ends();
  all.reportStart('a', false);
  expect(surveyed()).toContain('000061');
});

test('a BMC that joins meanwhile is told that libvirt does not answer about all', () => {
  const all = up();
  all.reportStart('a', true);
  live(all, 60_000);
  all.subscribe('d');
  expect(all.allUnanswered.at(-1)).toBe('d true');
});
