import {
  rmSync,
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { EventLogSettings, LogFact } from '@vbmc/bmc-worker/ipc';
import type { EventLog } from '#supervisor/event-log/event-log.ts';
import { EventLogs, fileNameOf } from '#supervisor/event-log/event-logs.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const nmi: LogFact = { kind: 'nmi' };
const HEX = '0102'.repeat(8);

class Scene {
  readonly directory = temporaryDirectory();
  readonly clock = new VirtualClock();
  readonly told: string[] = [];
  readonly path = join(this.directory, 'event-log', 'a.jsonl');

  /** As a vbmcd that has just started. */
  async open(settings: Partial<EventLogSettings> = {}): Promise<EventLog> {
    const log = new EventLogs({
      stateDirectory: this.directory,
      clock: this.clock,
      log: (_, message) => this.told.push(message),
    }).of('a');
    log.settings = { capacity: 512, whenFull: 'wrap', ...settings };
    await log.load();
    return log;
  }
}

async function idsOf(log: EventLog): Promise<readonly number[]> {
  return ((await log.view(undefined))?.entries ?? []).map(({ id }) => id);
}

async function kindsOf(log: EventLog): Promise<readonly string[]> {
  return ((await log.view(undefined))?.entries ?? []).map(({ fact }) => fact.kind);
}

test('what was acknowledged is there for the next vbmcd, without a close', async () => {
  const scene = new Scene();
  const log = await scene.open();
  scene.clock.advance(5_000);
  log.note(nmi);
  expect(await log.add(HEX)).toBe(2);
  await log.setTime(1_000);
  expect(await log.add(HEX)).toBe(3);
  expect(await log.remove('first')).toBe(1);
  const view = await log.view(undefined);
  expect(view?.entries?.map(({ at }) => at)).toEqual([5, 1_000]);
  const next = await scene.open();
  const ownOfEach = { version: 0, removals: 0 };
  expect({ ...(await next.view(undefined)), ...ownOfEach }).toEqual({ ...view, ...ownOfEach });
  expect(scene.told).toEqual([]);
});

test('an asker that knows a version gets what has changed since', async () => {
  const log = await new Scene().open();
  log.note(nmi);
  const { version } = (await log.view(undefined)) ?? {};
  expect((await log.view(version))?.changes).toEqual({ removed: [], added: [] });
  // Notes are no news of the entries.
  log.setNotes({ operatingSeconds: 5 });
  expect((await log.view(version))?.version).toBe(version);
  log.note(nmi);
  await log.remove(1);
  expect((await log.view(version))?.changes).toMatchObject({ removed: [1], added: [{ id: 2 }] });
  await log.clear();
  expect(await log.view(version)).toMatchObject({ entries: [{ id: 3, fact: { kind: 'logCleared' } }] });
  expect((await log.view(7_000))?.entries).toHaveLength(1);
});

test('a damaged line costs nothing but itself; the file is kept, and the rest is on disk at once', async () => {
  const scene = new Scene();
  const log = await scene.open();
  await log.add(HEX);
  appendFileSync(scene.path, 'damaged\n');
  await log.add(HEX);
  const damaged = readFileSync(scene.path, 'utf8');
  const next = await scene.open();
  expect(await idsOf(next)).toEqual([1, 2]);
  expect(readFileSync(`${scene.path}.unreadable`, 'utf8')).toBe(damaged);
  expect(scene.told).toEqual([
    `the event log is damaged: 1 line of it cannot be read (kept as ${scene.path}.unreadable)`,
  ]);
  await next.close();
  expect(await idsOf(await scene.open())).toEqual([1, 2]);
  expect(scene.told).toHaveLength(1);
});

test.each([
  ['wrap', 51, { isAlmostFull: false, isFull: false }],
  ['wrap', 52, { isAlmostFull: true, isFull: false }],
  ['wrap', 70, { isAlmostFull: true, isFull: false }],
  ['stop', 52, { isAlmostFull: true, isFull: false }],
  ['stop', 70, { isAlmostFull: true, isFull: true }],
] as const)('the fill, if full: %s, after %d entries of 64', async (whenFull, count, fill) => {
  const log = await new Scene().open({ capacity: 64, whenFull });
  for (let noted = 0; noted < count; noted += 1) log.note(nmi);
  expect(log.fill).toEqual({ isCleared: false, ...fill });
  await log.clear();
  expect(log.fill).toEqual({ isCleared: true, isAlmostFull: false, isFull: false });
  log.note(nmi);
  expect(log.fill?.isCleared).toBe(false);
});

test('what a client asks for under a reservation is not done if entries have gone since', async () => {
  const log = await new Scene().open({ capacity: 64 });
  const removals = async (): Promise<number> => (await log.view(undefined))?.removals ?? -1;
  log.note(nmi);
  expect(await log.remove('first', (await removals()) + 1)).toBe('cancelled');
  for (let count = 0; count < 63; count += 1) log.note(nmi);
  const before = await removals();
  log.note(nmi);
  expect(await removals()).toBeGreaterThan(before);
  expect(await log.remove('first', before)).toBe('cancelled');
  expect(await log.clear(before)).toBe('cancelled');
  expect((await idsOf(log)).length).toBe(64);
  expect(await log.clear(await removals())).toBe(true);
  expect(await log.clear(before)).toBe('cancelled');
  expect(await log.remove('first', await removals())).toBeGreaterThan(0);
});

test('full: the oldest goes, or nothing comes; both say so', async () => {
  const wrapping = await new Scene().open({ capacity: 64 });
  for (let count = 0; count < 70; count += 1) wrapping.note(nmi);
  const ids = await idsOf(wrapping);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([64, 8, 71]);
  expect((await kindsOf(wrapping)).filter((kind) => kind !== 'nmi')).toEqual(['logAlmostFull']);
  expect((await wrapping.view(0))?.hasOverflowed).toBe(true);

  const stopping = await new Scene().open({ capacity: 64, whenFull: 'stop' });
  for (let count = 0; count < 70; count += 1) stopping.note(nmi);
  expect(await stopping.add(HEX)).toBe('full');
  const kinds = await kindsOf(stopping);
  expect(kinds).toHaveLength(64);
  expect(kinds.at(-1)).toBe('logFull');
  expect((await stopping.view(0))?.hasOverflowed).toBe(true);
});

test('clear leaves an entry that says so; ids go on, and begin again after the last', async () => {
  const scene = new Scene();
  const log = await scene.open();
  log.note(nmi);
  expect(await log.clear()).toBe(true);
  expect(await kindsOf(log)).toEqual(['logCleared']);
  expect(await idsOf(log)).toEqual([2]);
  const notes = `{"notes":{"lastId":65534,"clockOffset":0,"hasOverflowed":false,"isAlmostFullTold":false,"operatingSeconds":0}}\n`;
  await log.close();
  appendFileSync(scene.path, notes);
  const next = await scene.open();
  expect(await next.add(HEX)).toBe(1);
  // That of an entry is left out.
  expect(await next.add(HEX)).toBe(3);
});

test('a cut line is left out, and the next one does not join it', async () => {
  const scene = new Scene();
  const log = await scene.open();
  await log.add(HEX);
  await log.add(HEX);
  truncateSync(scene.path, readFileSync(scene.path).length - 3);
  const next = await scene.open();
  await next.add(HEX);
  expect(await idsOf(await scene.open())).toEqual(await idsOf(next));
  expect(scene.told).toEqual([]);
});

test.each([
  ['that is no log', 'garbage\n'],
  ['larger than any', 'x'.repeat(4 * 1_048_576 + 1)],
])('a file %s is moved aside, and told', async (_, text) => {
  const scene = new Scene();
  mkdirSync(join(scene.directory, 'event-log'));
  writeFileSync(scene.path, text);
  const log = await scene.open();
  expect(await log.add(HEX)).toBe(1);
  expect(existsSync(`${scene.path}.unreadable`)).toBe(true);
  expect(scene.told).toEqual([
    `the event log is damaged: all of it cannot be read (kept as ${scene.path}.unreadable)`,
  ]);
});

test('a disk that refuses is told once; everything is written when it takes it again', async () => {
  const scene = new Scene();
  // A file where the directory should be: refuses root too.
  writeFileSync(join(scene.directory, 'event-log'), '');
  const blocked = await scene.open();
  expect(await blocked.add(HEX)).toBe('unavailable');
  blocked.note(nmi);
  expect(scene.told).toHaveLength(1);
  expect(await blocked.view(undefined)).toBeUndefined();
});

test('a file that somebody has removed is written anew before a client is answered', async () => {
  const scene = new Scene();
  const log = await scene.open();
  await log.add(HEX);
  rmSync(scene.path);
  expect(await log.add(HEX)).toBe(2);
  expect(await idsOf(await scene.open())).toEqual(await idsOf(log));
});

test('what is not on disk is not acknowledged', async () => {
  const scene = new Scene();
  const log = await scene.open();
  await log.add(HEX);
  rmSync(scene.path);
  mkdirSync(scene.path);
  expect(await log.add(HEX)).toBe('unavailable');
  expect(await log.remove('first')).toBe('unavailable');
  expect(await log.setTime(0)).toBe(false);
  expect(await log.clear()).toBe(false);
});

test('the file does not grow for ever', async () => {
  const scene = new Scene();
  const log = await scene.open({ capacity: 64 });
  for (let count = 0; count < 2_000; count += 1) await log.add(HEX);
  expect(readFileSync(scene.path, 'utf8').split('\n').length).toBeLessThan(64 * 3 + 300);
  expect(await idsOf(await scene.open({ capacity: 64 }))).toEqual(await idsOf(log));
});

test('no two names share a file, whatever is in them', () => {
  const names = ['a', 'A/..', '..', '.', 'a.b', 'ä'.repeat(200), `${'ä'.repeat(199)}b`, '%2E'];
  const files = names.map(fileNameOf);
  expect(new Set(files).size).toBe(names.length);
  for (const file of files) expect(file).toMatch(/^[^./][^/]{0,239}\.jsonl$/);
});
