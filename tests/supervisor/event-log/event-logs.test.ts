import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventLogs } from '#supervisor/event-log/event-logs.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const UUID = '00000000-0000-0000-0000-000000000000';

function eventLogs(): { readonly logs: EventLogs; readonly directory: string } {
  const stateDirectory = temporaryDirectory();
  const directory = join(stateDirectory, 'event-log');
  mkdirSync(directory);
  return {
    logs: new EventLogs({ stateDirectory, clock: new VirtualClock(), log: () => undefined }),
    directory,
  };
}

test('of removed BMCs the 256 newest logs stay, and every log of the present ones', async () => {
  const { logs, directory } = eventLogs();
  const write = (name: string, seconds: number): void => {
    writeFileSync(join(directory, name), '');
    utimesSync(join(directory, name), seconds, seconds);
  };
  for (let age = 0; age < 260; age += 1) write(`gone-${age}.jsonl`, 1_000_000 - age);
  write('old.jsonl', 1);
  write('.old.jsonl.' + UUID, 1);
  write('note.txt', 1);
  await logs.keepTidy(() => ['old']);
  const left = new Set(readdirSync(directory));
  expect([left.has('gone-255.jsonl'), left.has('gone-256.jsonl')]).toEqual([true, false]);
  expect([left.has('old.jsonl'), left.has('note.txt')]).toEqual([true, true]);
  expect(left.size).toBe(258);
});

test('a log that is let go of is on disk, and read again by a BMC of its name', async () => {
  const { logs, directory } = eventLogs();
  const before = logs.of('a');
  await before.load();
  before.note({ kind: 'nmi' });
  await logs.keepTidy(() => []);
  expect(existsSync(join(directory, 'a.jsonl'))).toBe(true);
  const after = logs.of('a');
  expect(after).not.toBe(before);
  expect((await after.view(undefined))?.entries).toHaveLength(1);
});

test('without a directory there is nothing to do', async () => {
  const logs = new EventLogs({
    stateDirectory: join(temporaryDirectory(), 'away'),
    clock: new VirtualClock(),
    log: () => undefined,
  });
  await expect(logs.keepTidy(() => ['a'])).resolves.toBeUndefined();
});
