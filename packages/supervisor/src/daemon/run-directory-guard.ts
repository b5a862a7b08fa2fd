/**
 * Looks whether the run directory is as vbmcd has made it. What another program has removed (`rm -rf` of a live directory) is
 * made anew: the lock, the SASL credentials of the workers, the control sockets.
 */
import type { ControlSockets } from '../control/control-sockets.ts';
import type { Clock } from '../host/clock.ts';
import { DirectoryTaken } from '../host/directory-lock.ts';
import type { ClaimedDirectory } from '../host/run-directory.ts';
import type { Log } from '../log/log.ts';
import { LOOKS_UNTIL_LOST, RUN_DIRECTORY_LOOK_MS } from '../supervision/supervision-times.ts';
import type { AuthFiles } from '../virsh/auth-files.ts';

export interface RunDirectoryGuardOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: Pick<ClaimedDirectory, 'path' | 'isOwn' | 'reclaim'>;
  readonly authFiles: Pick<AuthFiles, 'restore'>;
  readonly controlSockets: Pick<ControlSockets, 'restore'>;
  /** Whether systemd starts vbmcd again, with a new run directory. */
  readonly isRestarted: boolean;
}

export class RunDirectoryGuard {
  /** Resolves when vbmcd must end, with the reason. */
  readonly lost: Promise<string>;
  #lose: (cause: string) => void = () => undefined;
  readonly #options: RunDirectoryGuardOptions;
  #cancel: () => void = () => undefined;
  #isClosed = false;
  /** Looks in a row that found something missing and could not make it. */
  #failures = 0;

  constructor(options: RunDirectoryGuardOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => {
      this.#lose = (cause) => {
        this.close();
        options.log('error', `${cause}: stopping all BMCs`, { event: 'runDirectoryLost' });
        resolve(cause);
      };
    });
  }

  begin(): void {
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(RUN_DIRECTORY_LOOK_MS, () => {
      void this.#look().then(() => {
        this.#schedule();
      });
    });
  }

  async #look(): Promise<void> {
    const { directory, isRestarted } = this.#options;
    try {
      this.#failures = (await this.#restore()) ? 0 : this.#failures + 1;
    } catch (error) {
      if (!(error instanceof DirectoryTaken)) throw error;
      this.#lose(`${error.message}, which another program has removed meanwhile`);
      return;
    }
    if (!isRestarted || this.#failures < LOOKS_UNTIL_LOST) return;
    this.#lose(`${directory.path} is gone, and only systemd can make it anew`);
  }

  /** Resolves with whether everything is there. Rejects when another vbmcd has the directory. */
  async #restore(): Promise<boolean> {
    const { authFiles, controlSockets, directory, log } = this.#options;
    try {
      // The lock comes first: the sockets of a directory are those of the vbmcd that has locked it.
      if (!directory.isOwn) {
        await directory.reclaim();
        log('warn', `another program has removed the lock of ${directory.path}: vbmcd has locked it again`, {
          event: 'runDirectoryRestored',
        });
      }
      if (await authFiles.restore()) {
        log('warn', `another program has removed SASL credentials: vbmcd has written them again`, {
          event: 'runDirectoryRestored',
        });
      }
      return await controlSockets.restore();
    } catch (error) {
      if (error instanceof DirectoryTaken) throw error;
      if (this.#failures === 0) {
        log('error', `${directory.path} has been removed and cannot be made anew: ${String(error)}`, {
          event: 'runDirectoryLost',
        });
      }
      return false;
    }
  }
}
