import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutHanging } from '#supervisor/host/hanging-files.ts';
import { StateFile } from '#supervisor/state-directory/state-file.ts';
import { STATE_RETRY_MS } from '#supervisor/supervision/supervision-times.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';

function stateFile(directory: string) {
  const logged: string[] = [];
  const clock = new VirtualClock();
  const file = new StateFile({
    path: join(directory, 'x.json'),
    holds: 'the notes',
    clock,
    log: (_, message, { event } = {}) => logged.push(`${String(event)} ${message}`),
    render: () => '{}',
    parse: (text) => (text === '{}' ? 'parsed' : undefined),
  });
  return { file, logged, clock };
}

test('a missing directory is made for the first write', async () => {
  const directory = join(temporaryDirectory(), 'a', 'b');
  const { file } = stateFile(directory);
  expect(await file.read()).toBeUndefined();
  await file.write();
  expect(await file.read()).toBe('parsed');
});

test('a named pipe in its place holds nothing up, and is moved aside', async () => {
  const directory = temporaryDirectory();
  execFileSync('mkfifo', [join(directory, 'x.json')]);
  const { file, logged } = stateFile(directory);
  expect(await file.read()).toBeUndefined();
  expect(logged).toEqual([expect.stringContaining('stateUnreadable the notes cannot be read: moved to')]);
  await file.write();
  expect(readFileSync(join(directory, 'x.json'), 'utf8')).toBe('{}');
  expect(readdirSync(directory).sort()).toEqual(['x.json', 'x.json.unreadable']);
});

test('a link in its place is replaced, and the file that it leads to is not touched', async () => {
  const directory = temporaryDirectory();
  const victim = join(temporaryDirectory(), 'victim');
  writeFileSync(victim, 'theirs');
  // The name that an earlier version wrote to first.
  for (const name of ['x.json', 'x.json.new']) symlinkSync(victim, join(directory, name));
  const { file } = stateFile(directory);
  expect(await file.write()).toBeUndefined();
  expect(readFileSync(victim, 'utf8')).toBe('theirs');
  expect(lstatSync(join(directory, 'x.json')).isFile()).toBe(true);
});

test('while the file system does not answer, reads and writes are refused at once', async () => {
  const directory = temporaryDirectory();
  const { file, clock } = stateFile(directory);
  let answer = (): void => undefined;
  const hang = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  await expect(withoutHanging(directory, hang, 10)).rejects.toThrow('has not answered');
  await expect(file.read()).rejects.toThrow('still does not answer');
  expect(await file.write()).toContain('still does not answer');
  answer();
  await new Promise(setImmediate);
  expect(await file.write()).toBeUndefined();
  expect(await file.read()).toBe('parsed');
  expect(clock.pendingTimers).toBe(0);
});

describe('what could not be stored', () => {
  function inTheWay() {
    const directory = join(temporaryDirectory(), 'state');
    writeFileSync(directory, 'a file in its place');
    return { ...stateFile(directory), directory };
  }

  test('is told once, and tried again until it is', async () => {
    const { file, logged, clock, directory } = inTheWay();
    expect(await file.write()).toContain('EEXIST');
    clock.advance(STATE_RETRY_MS);
    // Resolves after the attempt that the timer has begun.
    expect(await file.write()).toContain('EEXIST');
    expect(file.isBehind).toBe(true);
    expect(logged).toEqual([
      expect.stringMatching(
        /^stateNotStored the notes could not be stored: .*EEXIST.* \(tried again every 5 s\)$/,
      ),
    ]);
    rmSync(directory);
    clock.advance(STATE_RETRY_MS);
    await waitFor('the next attempt', () => !file.isBehind);
    expect(logged.slice(1)).toEqual(['stateStored the notes are stored again']);
    expect(readFileSync(join(directory, 'x.json'), 'utf8')).toBe('{}');
    clock.advance(STATE_RETRY_MS);
    expect(clock.pendingTimers).toBe(0);
  });

  test('is not tried again once the file is closed', async () => {
    const { file, clock } = inTheWay();
    await file.write();
    file.close();
    expect(clock.pendingTimers).toBe(0);
    await file.write();
    expect(clock.pendingTimers).toBe(0);
  });
});
