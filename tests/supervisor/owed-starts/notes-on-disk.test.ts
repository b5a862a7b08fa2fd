import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutHanging } from '#supervisor/host/hanging-files.ts';
import { OwedStarts } from '#supervisor/owed-starts/owed-starts.ts';
import { STATE_RETRY_MS } from '#supervisor/supervision/supervision-times.ts';
import { withFullDisk } from '#support/full-disk.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const start = {
  ...{ description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' },
  uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
};

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

const SOURCES = new URL('../../../packages/supervisor/src/', import.meta.url).href;

test('on a full disk the end of one change keeps the notes of the others, and the last note goes with its file', async () => {
  const { stateDirectory, file } = scene();
  const said = await withFullDisk(`
    import { existsSync, readFileSync } from 'node:fs';
    import { withoutHanging } from '#supervisor/host/hanging-files.ts';
import { OwedStarts } from '${SOURCES}owed-starts/owed-starts.ts';
    const clock = { now: () => 0, date: () => new Date(), after: () => () => undefined };
    const options = { stateDirectory: '${stateDirectory}', clock, log: () => undefined, hasBmc: () => true };
    const owed = await OwedStarts.open(options);
    for (const name of ['a', 'b']) await owed.note(name, ${JSON.stringify(start)});
    fill();
    const first = await owed.end('a', 'done');
    const kept = Object.keys(JSON.parse(readFileSync('${file}', 'utf8')).bmcs);
    const last = await owed.end('b', 'calledOff');
    console.log(JSON.stringify({ first, kept, last, isThere: existsSync('${file}') }));`);
  expect(JSON.parse(said)).toEqual({
    first: expect.stringContaining('EFBIG') as string,
    kept: ['a', 'b'],
    isThere: false,
  });
});

test('a disk that does not answer holds up no power cycle: the note counts in memory', async () => {
  const { open, clock, stateDirectory } = scene();
  const owed = await open();
  let answer = (): void => undefined;
  const hanging = withoutHanging(stateDirectory, () => new Promise<void>((resolve) => (answer = resolve)));
  const noted = owed.note('a', start);
  clock.advance(1_000);
  expect(await noted).toBe('the disk has not answered for 1 s');
  owed.noteDestroy('a');
  owed.release('a');
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
  answer();
  await hanging;
  // The writes that have waited end before their directory is removed.
  await owed.end('a', 'done');
});

test('nothing is tried again once it is closed', async () => {
  const { open, clock, stateDirectory } = scene();
  writeFileSync(stateDirectory, 'a file in its place');
  const owed = await open();
  await owed.note('a', start);
  owed.close();
  await owed.note('b', start);
  expect(clock.pendingTimers).toBe(0);
});

test('many notes at the same time share their writes, and each is on disk when it is confirmed', async () => {
  const { open, file } = scene();
  const names = Array.from({ length: 200 }, (_, index) => `bmc-${index}`);
  const owed = await open(names);
  await Promise.all(
    names.map(async (name) => {
      expect(await owed.note(name, start)).toBeUndefined();
      expect(readFileSync(file, 'utf8')).toContain(`"${name}"`);
    }),
  );
  const next = await open(names);
  expect(names.filter((name) => !next.has(name))).toEqual([]);
});

test('a state directory that cannot be written is told at each note, and used as soon as it can be', async () => {
  const { open, stateDirectory, logged } = scene();
  writeFileSync(stateDirectory, 'a file in its place');
  const owed = await open();
  expect(await owed.note('a', start)).toContain('EEXIST');
  expect(logged).toEqual([expect.stringContaining('warn undefined stateUnreadable')]);
  // A crash of the worker is covered all the same.
  owed.noteDestroy('a');
  owed.release('a');
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
  rmSync(stateDirectory);
  expect(await owed.note('a', start)).toBeUndefined();
});

function namesIn(file: string): string[] {
  const { bmcs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly bmcs: object };
  return Object.keys(bmcs).sort();
}

describe('notes of an earlier vbmcd that cannot be read at first', () => {
  async function unread() {
    const made = scene();
    const { open, stateDirectory } = made;
    const names = ['a', 'b', 'c'];
    const earlier = await open(names);
    for (const name of ['a', 'b']) {
      await earlier.note(name, start);
      earlier.noteDestroy(name);
    }
    renameSync(stateDirectory, `${stateDirectory}-away`);
    writeFileSync(stateDirectory, 'a file in its place');
    const owed = await open(names);
    const comeBack = (): void => {
      rmSync(stateDirectory);
      renameSync(`${stateDirectory}-away`, stateDirectory);
    };
    return { ...made, names, owed, comeBack };
  }

  test('are finished once they can be read, and kept until then', async () => {
    const { clock, comeBack, logged, owed } = await unread();
    expect(owed.has('b')).toBe(true);
    expect(owed.saw('b', 'shutOff')).toBeUndefined();
    comeBack();
    clock.advance(STATE_RETRY_MS);
    await owed.note('c', start);
    expect(owed.saw('b', 'shutOff')).toEqual({ finish: start });
    expect(logged.filter((line) => /stateUnreadable|stateDirectoryUsable/.test(line))).toHaveLength(2);
  });

  test('another note does not overwrite them', async () => {
    const { comeBack, file, names, open, owed } = await unread();
    expect(await owed.note('c', start)).toContain('EEXIST');
    comeBack();
    expect(await owed.note('c', start)).toBeUndefined();
    expect(namesIn(file)).toEqual(names);
    expect((await open(names)).has('a')).toBe(true);
  });

  test.each<[string, (owed: OwedStarts) => unknown]>([
    ['a client has switched the domain off', (owed) => owed.end('a', 'calledOff')],
    [
      'a client has used the power button',
      (owed) => {
        owed.acted('a');
      },
    ],
    ['the domain has run', (owed) => owed.saw('a', 'running')],
    [
      'the BMC was removed',
      (owed) => {
        owed.bmcRemoved('a');
      },
    ],
  ])('do not count when %s meanwhile, also for the next vbmcd', async (_, happens) => {
    const { comeBack, names, open, owed } = await unread();
    await happens(owed);
    expect(owed.has('a')).toBe(false);
    comeBack();
    await owed.note('c', start);
    expect(owed.saw('a', 'shutOff')).toBeUndefined();
    const next = await open(names);
    expect([next.has('a'), next.has('b')]).toEqual([false, true]);
  });
});

test('what could not be taken off the disk is no success before it is, also for the next worker', async () => {
  const { open, stateDirectory, file } = scene();
  const owed = await open();
  for (const name of ['a', 'b']) await owed.note(name, start);
  renameSync(stateDirectory, `${stateDirectory}-away`);
  writeFileSync(stateDirectory, 'a file in its place');
  for (let times = 0; times < 2; times += 1) {
    expect(await owed.end('a', 'calledOff')).toBeDefined();
    expect(owed.saw('a', 'shutOff')).toBeUndefined();
    expect(owed.has('a')).toBe(true);
    // Another BMC has no such note: its power off does not depend on this disk.
    expect(owed.has('c')).toBe(false);
  }
  rmSync(stateDirectory);
  renameSync(`${stateDirectory}-away`, stateDirectory);
  expect(await owed.end('a', 'calledOff')).toBeUndefined();
  expect(owed.has('a')).toBe(false);
  expect(readFileSync(file, 'utf8')).not.toContain('"a"');
});

test.each(['{', '[]', '{"version":2,"bmcs":{}}', '{"version":1,"bmcs":{"a":{"uuid":"x"}}}'])(
  'a file that is damaged is kept aside, and vbmcd goes on: %s',
  async (text) => {
    const { open, stateDirectory, file, logged } = scene();
    mkdirSync(stateDirectory);
    writeFileSync(file, text);
    const owed = await open();
    expect(readdirSync(stateDirectory)).toEqual(['owed-starts.json.unreadable']);
    expect(logged.at(-1)).toContain('stateUnreadable');
    expect(await owed.note('a', start)).toBeUndefined();
  },
);
