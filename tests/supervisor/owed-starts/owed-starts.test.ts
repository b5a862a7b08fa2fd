import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwedStarts } from '#supervisor/owed-starts/owed-starts.ts';
import { CUT_DESTROY_MS, OWED_START_LIMIT_MS } from '#supervisor/supervision/supervision-times.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const start = {
  ...{ description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' },
  uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
};
const WHO = 'power cycle by "admin" from 192.0.2.7:40000';

function scene() {
  const stateDirectory = join(temporaryDirectory(), 'state');
  const logged: string[] = [];
  const clock = new VirtualClock();
  const open = (names: readonly string[] = ['a', 'b']): Promise<OwedStarts> =>
    OwedStarts.open({
      ...{ stateDirectory, clock, hasBmc: (name) => names.includes(name) },
      log: (level, message, { bmc, event } = {}) =>
        logged.push([level, bmc, event, message].map(String).join(' ')),
    });
  return { stateDirectory, file: join(stateDirectory, 'owed-starts.json'), logged, clock, open };
}

test('a note outlives vbmcd: the start is asked for once the domain is seen off', async () => {
  const { open, logged } = scene();
  const before = await open();
  expect(await before.note('a', start)).toBeUndefined();
  before.noteDestroy('a');
  expect(await before.note('b', start)).toBeUndefined();
  expect(await before.end('b', 'done')).toBeUndefined();

  const next = await open();
  expect(logged).toEqual([`warn a changeCut ${WHO} was cut when vbmcd ended`]);
  expect(next.has('a')).toBe(true);
  expect(next.has('b')).toBe(false);
  expect(next.saw('b', 'shutOff')).toBeUndefined();
  expect(next.saw('a', 'running')).toBeUndefined();
  expect(next.saw('a', 'shutOff')).toEqual({ finish: start });
  expect(next.saw('a', 'shutOff')).toBeUndefined();
  expect(await next.end('a', 'done')).toBeUndefined();
  expect(next.describe('a')).toBeUndefined();
  expect((await open()).has('a')).toBe(false);
});

test('nothing is asked of the worker that is at it; its successor is asked', async () => {
  const { open, logged } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.noteDestroy('a');
  expect(owed.saw('a', 'shutOff')).toBeUndefined();
  owed.release('a');
  owed.release('a');
  expect(logged).toEqual([`warn a changeCut ${WHO} was cut when its worker ended`]);
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
});

test('a worker that leaves it for want of libvirt is asked again', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.noteDestroy('a');
  await owed.end('a', 'left', 'no libvirt');
  expect(owed.describe('a')).toMatchObject({ description: 'power cycle', user: 'admin' });
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
});

test('why it is left is told once, however often it is tried, and again when the cause is another', async () => {
  const { open, logged } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.noteDestroy('a');
  for (const why of ['no answer for 3 s', 'no answer for 63 s', 'no answer for 123 s', 'no libvirt']) {
    await owed.end('a', 'left', why);
    owed.saw('a', 'shutOff');
  }
  const told = `warn a changeCut ${WHO} is finished as soon as libvirt says that the domain is off:`;
  expect(logged).toEqual([`${told} no answer for 3 s`, `${told} no libvirt`]);
});

test('a boot override that no start has used is known until a worker leaves none', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.noteDestroy('a');
  await owed.end('a', 'left', 'no libvirt', 'some-id');
  expect((await open()).describe('a')?.unusedOverride).toBe('some-id');
  owed.saw('a', 'shutOff');
  await owed.end('a', 'left', 'no libvirt');
  expect((await open()).describe('a')).not.toHaveProperty('unusedOverride');
});

test('the domain has been started meanwhile: the worker is told, and nothing is owed, also not after a restart', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  // A report from before the destroy.
  expect(owed.saw('a', 'running')).toBeUndefined();
  expect(owed.saw('a', 'shutOff')).toBeUndefined();
  expect(owed.saw('a', 'running')).toEqual({ isOvertaken: true });
  expect(owed.saw('a', 'shutOff')).toBeUndefined();
  expect(await owed.end('a', 'overtaken', 'x')).toBeUndefined();
  expect(await owed.note('b', start)).toBeUndefined();
  expect((await open()).has('a')).toBe(false);
});

test('a start that libvirt has begun and that fails is still owed', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.noteDestroy('a');
  expect(owed.saw('a', 'shutOff')).toBeUndefined();
  expect(owed.saw('a', 'startingUp')).toBeUndefined();
  expect((await open()).has('a')).toBe(true);
  owed.release('a');
  expect(owed.saw('a', 'startingUp')).toBeUndefined();
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
});

test('what the watch reports late, of what was before the note, ends nothing', async () => {
  const { open } = scene();
  const owed = await open();
  const noted = owed.note('a', start);
  // Events that waited in a pipe while vbmcd stood still. The worker has no answer yet, so it has destroyed nothing.
  expect(owed.saw('a', 'shutOff')).toBeUndefined();
  expect(owed.saw('a', 'running')).toBeUndefined();
  expect(await noted).toBeUndefined();
  expect(owed.has('a')).toBe(true);
  owed.noteDestroy('a');
  owed.release('a');
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
});

test('a worker that leaves it is asked again soon, four times', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  const pauses: unknown[] = [];
  for (let times = 0; times < 5; times += 1) {
    await owed.end('a', 'left', 'no virsh');
    pauses.push(owed.retryInMs('a'));
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, undefined]);
  expect(owed.retryInMs('b')).toBeUndefined();
});

test('what is refused stays told until the domain runs, also after a restart of vbmcd', async () => {
  const { open, logged } = scene();
  const owed = await open();
  await owed.note('a', start);
  await owed.end('a', 'failed', 'no memory');
  expect(logged).toEqual([
    `error a changeCut ${WHO} was cut and is not finished, the domain stays off: no memory`,
  ]);
  const next = await open();
  expect(logged).toHaveLength(1);
  expect(next.describe('a')).toMatchObject({ reason: 'no memory', user: 'admin' });
  expect(next.saw('a', 'shutOff')).toBeUndefined();
  next.saw('a', 'running');
  expect(next.describe('a')).toBeUndefined();
});

test('it ends with a power command through the BMC, unless a worker is at it', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.acted('a');
  expect(owed.has('a')).toBe(true);
  await owed.end('a', 'failed', 'no memory');
  owed.acted('a');
  expect(owed.has('a')).toBe(false);
});

describe('a worker that ends before libvirt gets its destroy owes nothing', () => {
  async function ended() {
    const { open, logged } = scene();
    const owed = await open();
    await owed.note('a', start);
    owed.release('a');
    return { owed, logged };
  }

  test('the domain runs', async () => {
    const { owed, logged } = await ended();
    expect(owed.saw('a', 'running')).toBeUndefined();
    expect(owed.has('a')).toBe(false);
    expect(logged.at(-1)).toBe(`info a changeCut ${WHO} was cut, and the domain runs`);
    expect(owed.saw('a', 'shutOff')).toBeUndefined();
  });

  test('somebody else has switched the domain off', async () => {
    const { owed, logged } = await ended();
    expect(owed.saw('a', 'shutOff')).toBeUndefined();
    expect(owed.has('a')).toBe(false);
    expect(logged.at(-1)).toContain('another cause has switched the domain off');
  });
});

test('a destroy whose worker has gone may come within 30 s', async () => {
  const { open, clock } = scene();
  const owed = await open();
  await owed.note('a', start);
  clock.advance(5_000);
  owed.noteDestroy('a');
  owed.release('a');
  clock.advance(CUT_DESTROY_MS);
  expect(owed.saw('a', 'running')).toBeUndefined();
  expect(owed.has('a')).toBe(true);
  clock.advance(1);
  expect(owed.saw('a', 'running')).toBeUndefined();
  expect(owed.has('a')).toBe(false);
});

test('one whose age is unknown, because the clock was set back, is told and not made', async () => {
  const { open, file, logged } = scene();
  await (await open()).note('a', start);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/"at":\s*"\d{4}/, (at) => at.replace(/\d{4}/, '9999')),
  );
  const next = await open();
  expect(next.saw('a', 'shutOff')).toBeUndefined();
  expect(next.describe('a')?.reason).toBe('the clock was set back, so nobody knows how long ago it was cut');
  expect(logged.at(-1)).toContain('error a changeCut');
});

test('one that is too old is told and not made', async () => {
  const { open, clock, logged } = scene();
  await (await open()).note('a', start);
  clock.advance(OWED_START_LIMIT_MS + 1);
  const next = await open();
  expect(next.saw('a', 'shutOff')).toBeUndefined();
  expect(next.describe('a')?.reason).toBe('it was cut more than 15 minutes ago');
  expect(logged.at(-1)).toContain('error a changeCut');
});

test('a BMC that has left the inventory is told of', async () => {
  const { open, logged } = scene();
  await (await open()).note('a', start);
  expect((await open(['b'])).has('a')).toBe(false);
  expect(logged.at(-1)).toContain('there is no such BMC any more');
});

const ANOTHER = '12345678-9abc-def0-1122-334455667788';

test('another domain of the BMC, which runs, ends nothing: the start is told as not made', async () => {
  const { open, logged } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.saw('a', 'shutOff', start.uuid);
  // The worker asks libvirt itself.
  expect(owed.saw('a', 'running', ANOTHER)).toBeUndefined();
  expect(owed.has('a')).toBe(true);
  await owed.end('a', 'left', 'no libvirt');
  owed.saw('a', 'running', ANOTHER);
  expect(logged.at(-1)).toBe(
    `warn a changeCut ${WHO} was cut and is not finished: the BMC has another domain now`,
  );
  expect(owed.has('a')).toBe(false);
});

test('the same domain is known by its UUID, in capitals too', async () => {
  const { open } = scene();
  const owed = await open();
  await owed.note('a', start);
  owed.noteDestroy('a');
  await owed.end('a', 'left', 'no libvirt');
  expect(owed.saw('a', 'shutOff', start.uuid.toUpperCase())).toEqual({ finish: start });
});

test('a BMC that a reload removes is told of, unless its start was given up before', async () => {
  const { open, logged } = scene();
  const owed = await open();
  await owed.note('a', start);
  await owed.end('a', 'left', 'no libvirt');
  await owed.note('b', start);
  await owed.end('b', 'failed', 'no memory');
  const before = logged.length;
  for (const name of ['a', 'b', 'c']) owed.bmcRemoved(name);
  expect(logged.slice(before)).toEqual([
    `warn a changeCut ${WHO} was cut and is not finished: the BMC was removed from the inventory`,
  ]);
  expect([owed.has('a'), owed.has('b')]).toEqual([false, false]);
});
