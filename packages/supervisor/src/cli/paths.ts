/** The one place that decides which inventory and which directories are meant where the command line names none. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { controlSocketPath } from '../host/run-directory.ts';

export interface Paths {
  /** `user`: an ordinary user's own. */
  readonly mode: 'system' | 'user';
  readonly inventory: string;
  readonly runDirectory: string;
  readonly stateDirectory: string;
}

export const systemPaths: Paths = {
  mode: 'system',
  inventory: '/etc/vbmc/domains.ini',
  runDirectory: '/run/vbmc',
  stateDirectory: '/var/lib/vbmc',
};

/** For help and manual pages, which are the same for everybody. */
export const pathTexts = {
  inventory: textOf(systemPaths.inventory, '$XDG_CONFIG_HOME/vbmc/domains.ini'),
  runDirectory: textOf(systemPaths.runDirectory, '$XDG_RUNTIME_DIR/vbmc'),
  stateDirectory: textOf(systemPaths.stateDirectory, '$XDG_STATE_HOME/vbmc'),
} as const;

function textOf(system: string, own: string): string {
  return `${system}; of an ordinary user ${own}`;
}

/** What the decision depends on. */
export interface Surroundings {
  readonly uid: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The home directory in the user database. */
  readonly home: string;
  readonly isReadable: (path: string) => boolean;
  readonly isWritable: (path: string) => boolean;
  readonly exists: (path: string) => boolean;
  /** Whether it is a directory of this user. */
  readonly isOwnDirectory: (path: string) => boolean;
}

/** Those of this process's user, at this moment. */
export function defaultPaths(): Paths {
  return choosePaths(presentSurroundings());
}

/**
 * Root has the paths of the system, and so has whoever may read its inventory or use its control socket. Everybody else has
 * their own.
 */
export function choosePaths(surroundings: Surroundings): Paths {
  const { uid, isReadable, isWritable } = surroundings;
  const isOfSystem =
    uid === 0 || isReadable(systemPaths.inventory) || isWritable(controlSocketPath(systemPaths.runDirectory));
  if (isOfSystem) return systemPaths;
  const state = join(xdg(surroundings, 'XDG_STATE_HOME', '.local/state'), 'vbmc');
  return {
    mode: 'user',
    inventory: join(xdg(surroundings, 'XDG_CONFIG_HOME', '.config'), 'vbmc/domains.ini'),
    runDirectory: ownRunDirectory(surroundings, state),
    stateDirectory: state,
  };
}

/** The XDG Base Directory Specification: a relative path in a variable counts as none. */
function xdg(
  { environment, home }: Surroundings,
  variable: 'XDG_STATE_HOME' | 'XDG_CONFIG_HOME',
  fallback: string,
): string {
  const [wanted = '', own = ''] = [environment[variable], environment['HOME']];
  return isAbsolute(wanted) ? wanted : join(isAbsolute(own) ? own : home, fallback);
}

/**
 * `su`, `sudo -u` and cron leave XDG_RUNTIME_DIR away, or leave another user's. The user has /run/user/UID while they are logged in
 * anywhere, or linger. Where there is none, the state directory has a place. A vbmcd that was started in one of these ways is
 * found by a `vbmc` that was started in another: a directory with a control socket comes first.
 */
function ownRunDirectory({ environment, uid, exists, isOwnDirectory }: Surroundings, state: string): string {
  const wanted = environment['XDG_RUNTIME_DIR'] ?? '';
  const runtime = [...(isAbsolute(wanted) ? [wanted] : []), `/run/user/${uid}`].filter(isOwnDirectory);
  const candidates = [...runtime.map((path) => join(path, 'vbmc')), join(state, 'run')];
  const [first = ''] = candidates;
  return candidates.find((path) => exists(controlSocketPath(path))) ?? first;
}

/** How to start vbmcd, for messages. */
export function howToStart({ mode }: Paths): string {
  return mode === 'system' ? 'systemctl start vbmc' : 'vbmcd, or systemctl --user start vbmc';
}

function presentSurroundings(): Surroundings {
  const { uid, homedir } = userInfo();
  const may = (path: string, mode: number): boolean => {
    try {
      accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  };
  return {
    uid,
    environment: process.env,
    home: homedir,
    isReadable: (path) => may(path, constants.R_OK),
    isWritable: (path) => may(path, constants.W_OK),
    exists: existsSync,
    isOwnDirectory: (path) => {
      const status = statSync(path, { throwIfNoEntry: false });
      return status?.isDirectory() === true && status.uid === uid;
    },
  };
}
