import { RunDirectoryGuard } from '#supervisor/daemon/run-directory-guard.ts';
import { DirectoryTaken } from '#supervisor/host/directory-lock.ts';
import { LOOKS_UNTIL_LOST, RUN_DIRECTORY_LOOK_MS } from '#supervisor/supervision/supervision-times.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const TAKEN = 'another vbmcd (pid 4711) is running on /run/vbmc';

function guard(isRestarted = true) {
  const clock = new VirtualClock();
  const done: string[] = [];
  const logged: string[] = [];
  const world = { isOwn: true, socketsAreThere: true, reclaim: () => Promise.resolve() };
  const made = new RunDirectoryGuard({
    clock,
    log: (level, message) => logged.push(`${level} ${message}`),
    directory: {
      path: '/run/vbmc',
      get isOwn() {
        return world.isOwn;
      },
      reclaim: async () => {
        await world.reclaim();
        done.push('lock');
        world.isOwn = true;
      },
    },
    authFiles: {
      restore: () => {
        done.push('credentials');
        return Promise.resolve(false);
      },
    },
    controlSockets: {
      restore: () => {
        done.push('sockets');
        return Promise.resolve(world.socketsAreThere);
      },
    },
    isRestarted,
  });
  let lost: string | undefined;
  void made.lost.then((cause) => (lost = cause));
  const look = async (): Promise<void> => {
    clock.advance(RUN_DIRECTORY_LOOK_MS);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  };
  made.begin();
  return { clock, done, guard: made, logged, look, lost: () => lost, world };
}

test('while nothing is missing the lock is left alone', async () => {
  const { done, logged, look } = guard();
  await look();
  await look();
  expect([done, logged]).toEqual([['credentials', 'sockets', 'credentials', 'sockets'], []]);
});

test('a removed lock is taken again before anything else, and that is told', async () => {
  const { done, logged, look, lost, world } = guard();
  world.isOwn = false;
  await look();
  expect(done).toEqual(['lock', 'credentials', 'sockets']);
  expect(logged).toEqual([
    'warn another program has removed the lock of /run/vbmc: vbmcd has locked it again',
  ]);
  expect(lost()).toBeUndefined();
});

test.each([true, false])('a directory that another vbmcd has locked is left to it', async (isRestarted) => {
  const { clock, done, look, lost, logged, world } = guard(isRestarted);
  world.isOwn = false;
  world.reclaim = () => Promise.reject(new DirectoryTaken(TAKEN));
  await look();
  expect(lost()).toContain(TAKEN);
  expect(logged).toEqual([expect.stringMatching(/^error .*4711.*: stopping all BMCs$/)]);
  expect([done, clock.pendingTimers]).toEqual([[], 0]);
});

test('vbmcd ends when only systemd can make the directory anew, after some looks', async () => {
  const { look, lost, logged, world } = guard();
  world.isOwn = false;
  world.reclaim = () => Promise.reject(new Error('EROFS'));
  for (let looks = 1; looks < LOOKS_UNTIL_LOST; looks += 1) await look();
  expect(lost()).toBeUndefined();
  expect(logged).toEqual(['error /run/vbmc has been removed and cannot be made anew: Error: EROFS']);
  await look();
  expect(lost()).toBe('/run/vbmc is gone, and only systemd can make it anew');
});

test('without systemd the BMCs go on, and the directory is tried again', async () => {
  const { done, look, lost, logged, world } = guard(false);
  world.socketsAreThere = false;
  for (let looks = 0; looks < 2 * LOOKS_UNTIL_LOST; looks += 1) await look();
  expect([lost(), logged]).toEqual([undefined, []]);
  expect(done.filter((what) => what === 'sockets')).toHaveLength(2 * LOOKS_UNTIL_LOST);
});

test('looks that failed before one that did not are forgotten', async () => {
  const { look, lost, world } = guard();
  for (let round = 0; round < 3; round += 1) {
    world.socketsAreThere = false;
    for (let looks = 1; looks < LOOKS_UNTIL_LOST; looks += 1) await look();
    world.socketsAreThere = true;
    await look();
  }
  expect(lost()).toBeUndefined();
});
