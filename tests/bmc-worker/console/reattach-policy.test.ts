import { ReattachPolicy } from '#worker/console/reattach-policy.ts';
import type { ConsoleEnd } from '#worker/console/console-stream.ts';
import { SeededRandom } from '#support/seeded-random.ts';

const ends: readonly ConsoleEnd[] = [
  'domainOff',
  'noConsole',
  'taken',
  'stolen',
  'denied',
  'libvirtGone',
  'closed',
  'failed',
];

function endedAt(end: ConsoleEnd, { openMs = 60_000 } = {}): ReattachPolicy {
  const policy = new ReattachPolicy();
  policy.begin(0);
  policy.opened(0);
  policy.ended(end, openMs);
  return policy;
}

test('each end, when nothing else happens', () => {
  const due = Object.fromEntries(ends.map((end) => [end, endedAt(end).dueAt]));
  expect(due).toEqual({
    domainOff: 120_000,
    noConsole: undefined,
    taken: 120_000,
    stolen: 120_000,
    denied: 120_000,
    libvirtGone: 61_000,
    closed: undefined,
    failed: 61_000,
  });
});

test('each end, when the domain starts or libvirt returns', () => {
  const afterStart = ends.filter((end) => {
    const policy = endedAt(end);
    policy.domainStarted(70_000);
    return policy.dueAt === 70_000;
  });
  const afterReturn = ends.filter((end) => {
    const policy = endedAt(end);
    policy.libvirtReturned(70_000);
    return policy.dueAt === 70_000;
  });
  expect(afterStart).toEqual(ends.filter((end) => end !== 'closed'));
  expect(afterReturn).toEqual(['taken', 'stolen', 'libvirtGone', 'failed']);
});

test('a start that came before virsh noticed the stop counts', () => {
  const policy = new ReattachPolicy();
  policy.begin(0);
  policy.opened(300);
  policy.domainStarted(50_000);
  expect(policy.dueAt).toBeUndefined();
  policy.ended('domainOff', 50_010);
  expect(policy.dueAt).toBe(50_010);
});

test('a domain that is off again just after its start is tried again soon, and then slowly', () => {
  const policy = endedAt('domainOff');
  policy.domainStarted(70_000);
  policy.begin(70_000);
  policy.ended('domainOff', 70_050);
  expect(policy.dueAt).toBe(71_050);
  policy.begin(71_050);
  policy.ended('domainOff', 74_000);
  expect(policy.dueAt).toBe(134_000);
});

test('pauses grow to 30 s, and begin anew after a console that stayed', () => {
  const policy = new ReattachPolicy();
  let now = 0;
  const pauses = Array.from({ length: 7 }, () => {
    policy.begin(now);
    policy.ended('failed', now);
    const pause = (policy.dueAt ?? NaN) - now;
    now = policy.dueAt ?? NaN;
    return pause;
  });
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  policy.begin(now);
  policy.opened(now);
  policy.ended('failed', now + 9_999);
  expect(policy.dueAt).toBe(now + 9_999 + 30_000);
  policy.begin(now);
  policy.opened(now);
  policy.ended('failed', now + 10_000);
  expect(policy.dueAt).toBe(now + 10_000 + 1_000);
});

test('whatever happens, it opens at most four consoles a second', () => {
  const random = new SeededRandom(4);
  for (let round = 0; round < 50; round += 1) {
    const policy = new ReattachPolicy();
    let attempts = 0;
    let isOpen = false;
    policy.begin(0);
    for (let now = 0; now < 20_000; now += 10) {
      if (random.below(3) === 0) policy.domainStarted(now);
      if (random.below(3) === 0) policy.libvirtReturned(now);
      if (isOpen && random.below(2) === 0) policy.opened(now);
      if (isOpen || now === 0) policy.ended(ends[random.below(ends.length)] ?? 'failed', now);
      isOpen = false;
      if (policy.dueAt === undefined || policy.dueAt > now) continue;
      policy.begin(now);
      attempts += 1;
      isOpen = true;
    }
    expect(attempts).toBeLessThanOrEqual(80);
  }
});
