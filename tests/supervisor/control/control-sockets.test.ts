import { rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ControlSockets } from '#supervisor/control/control-sockets.ts';
import { controlSocketPath, reservedSocketPath } from '#supervisor/host/run-directory.ts';
import { askOwnControlSocket } from '#supervisor/systemd/ask-own-control-socket.ts';
import { systemClock } from '#supervisor/host/clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const DEADLINE_MS = 5_000;

let sockets: ControlSockets;
let directory: string;
const logged: string[] = [];

beforeEach(async () => {
  directory = temporaryDirectory();
  logged.length = 0;
  sockets = new ControlSockets(directory, () => () => Promise.resolve({ status: 200, body: {} }), {
    clock: systemClock,
    log: (level, message) => logged.push(`${level} ${message}`),
  });
  await sockets.open();
});
afterEach(() => {
  sockets.close();
});

async function answers(path: string): Promise<boolean> {
  return askOwnControlSocket(path, DEADLINE_MS);
}

test('both answer; only their own user may use the reserved one', async () => {
  expect(await answers(controlSocketPath(directory))).toBe(true);
  expect(await answers(reservedSocketPath(directory))).toBe(true);
  expect(statSync(dirname(reservedSocketPath(directory))).mode & 0o777).toBe(0o700);
  expect(statSync(controlSocketPath(directory)).mode & 0o777).toBe(0o660);
});

test.each(['removed', 'replaced'])('a socket that is %s is made anew, and that is told', async (how) => {
  const group = process.getgid?.() ?? 0;
  await sockets.giveTo(group);
  const paths = [controlSocketPath(directory), reservedSocketPath(directory)];
  for (const path of paths) {
    rmSync(path);
    if (how === 'replaced') writeFileSync(path, '');
  }
  expect(await sockets.restore()).toBe(true);
  expect(logged).toEqual(
    paths.map((path) => `warn another program has removed ${path}: vbmcd has made it anew`),
  );
  for (const path of paths) expect(await answers(path)).toBe(true);
  expect(await sockets.restore()).toBe(true);
  expect(logged).toHaveLength(2);
});

test('one that cannot be made anew is told once, and tried again', async () => {
  rmSync(directory, { recursive: true });
  writeFileSync(directory, '');
  expect([await sockets.restore(), await sockets.restore()]).toEqual([false, false]);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toMatch(/^error .*vbmc\.sock has been removed and cannot be made anew: /);
  rmSync(directory);
  expect(await sockets.restore()).toBe(true);
  expect(logged).toHaveLength(4);
  expect(await answers(controlSocketPath(directory))).toBe(true);
});
