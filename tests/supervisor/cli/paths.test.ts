import { choosePaths, systemPaths, type Surroundings } from '#supervisor/cli/paths.ts';

/** An ordinary user on a machine where nothing of vbmc is, in a login session. */
function surroundings(
  changes: Partial<Surroundings> & { readonly own?: readonly string[] } = {},
): Surroundings {
  const { own = ['/run/user/1000'], ...rest } = changes;
  return {
    uid: 1000,
    environment: { HOME: '/home/alice', XDG_RUNTIME_DIR: '/run/user/1000' },
    home: '/home/alice',
    isReadable: () => false,
    isWritable: () => false,
    exists: () => false,
    isOwnDirectory: (path) => own.includes(path),
    ...rest,
  };
}

test.each([
  ['root', { uid: 0 }],
  [
    'whoever may read the inventory of the system',
    { isReadable: (path: string) => path === '/etc/vbmc/domains.ini' },
  ],
  ['whoever may use its control socket', { isWritable: (path: string) => path === '/run/vbmc/vbmc.sock' }],
])('%s has the paths of the system', (_, changes) => {
  expect(choosePaths(surroundings(changes))).toEqual(systemPaths);
});

test('everybody else has their own', () => {
  expect(choosePaths(surroundings())).toEqual({
    mode: 'user',
    inventory: '/home/alice/.config/vbmc/domains.ini',
    runDirectory: '/run/user/1000/vbmc',
    stateDirectory: '/home/alice/.local/state/vbmc',
  });
});

test('the variables of XDG count when they are absolute', () => {
  const environment = { HOME: '/h', XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/r' };
  expect(choosePaths(surroundings({ environment, own: ['/r'] }))).toMatchObject({
    inventory: '/c/vbmc/domains.ini',
    runDirectory: '/r/vbmc',
    stateDirectory: '/s/vbmc',
  });
  const relative = { HOME: 'h', XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '', XDG_RUNTIME_DIR: 'r' };
  expect(choosePaths(surroundings({ environment: relative, own: ['r'] }))).toMatchObject({
    inventory: '/home/alice/.config/vbmc/domains.ini',
    runDirectory: '/home/alice/.local/state/vbmc/run',
    stateDirectory: '/home/alice/.local/state/vbmc',
  });
});

test.each([
  [
    'su leaves root’s XDG_RUNTIME_DIR, and alice is logged in elsewhere',
    '/run/user/0',
    ['/run/user/1000'],
    '/run/user/1000/vbmc',
  ],
  ['cron has none, and alice is logged in', undefined, ['/run/user/1000'], '/run/user/1000/vbmc'],
  ['there is none at all', undefined, [], '/home/alice/.local/state/vbmc/run'],
])('the run directory where %s', (_, XDG_RUNTIME_DIR, own, expected) => {
  const environment = { HOME: '/home/alice', XDG_RUNTIME_DIR };
  expect(choosePaths(surroundings({ environment, own })).runDirectory).toBe(expected);
});

test('a vbmcd that was started without a login session is found from one', () => {
  const exists = (path: string): boolean => path === '/home/alice/.local/state/vbmc/run/vbmc.sock';
  expect(choosePaths(surroundings({ exists })).runDirectory).toBe('/home/alice/.local/state/vbmc/run');
});
