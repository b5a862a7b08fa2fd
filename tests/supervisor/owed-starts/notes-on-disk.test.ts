import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutHanging } from '#supervisor/host/hanging-files.ts';
import { OwedStarts } from '#supervisor/owed-starts/owed-starts.ts';
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
  expect(logged.at(-1)).toContain('warn undefined stateNotStored');
  // A crash of the worker is covered all the same.
  owed.noteDestroy('a');
  owed.release('a');
  expect(owed.saw('a', 'shutOff')).toEqual({ finish: start });
  rmSync(stateDirectory);
  expect(await owed.note('a', start)).toBeUndefined();
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
