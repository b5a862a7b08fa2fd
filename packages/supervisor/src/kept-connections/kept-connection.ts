/** One kept connection: carries out the transition table with timers, ssh and one virsh that tries the way. */
import type { KeptConnectionOutlook } from '@vbmc/bmc-worker/ipc';
import type { FollowVirsh } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import { backOffMs } from '../supervision/back-off.ts';
import {
  KEPT_CONNECT_DEADLINE_MS,
  KEPT_STABLE_MS,
  MAXIMUM_KEPT_BACK_OFF_MS,
} from '../supervision/kept-times.ts';
import type { KeepableUri } from './keepable-uri.ts';
import { KeptLog } from './kept-log.ts';
import { keptStep, type KeptInput, type KeptState } from './kept-transitions.ts';
import type { SshMasterListener, SshMasterOptions } from './ssh-master.ts';
import { tryWay } from './try-way.ts';
import type { Log } from '../log/log.ts';

/** Starts an ssh that forwards the socket at this path; see ssh-master.ts. */
export type StartMaster = (master: SshMasterOptions, listener: SshMasterListener) => () => Promise<void>;

export interface KeptDependencies {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly followVirsh: FollowVirsh;
  readonly startMaster: StartMaster;
  /** Of a socket that nobody has used yet; creates its directory. Rejects with Node's error. */
  readonly newSocketPath: () => Promise<string>;
}

function nothing(): void {
  return undefined;
}

export class KeptConnection {
  readonly #connectionUri: string;
  readonly #keepable: KeepableUri;
  readonly #dependencies: KeptDependencies;
  readonly #changed: () => void;
  readonly #log: KeptLog;
  #state: KeptState = 'idle';
  #stateSinceMs = 0;
  #failures = 0;
  #socketPath = '';
  #attempts = 0;
  #stopMaster: () => Promise<void> = () => Promise.resolve();
  #stopped: Promise<void> = Promise.resolve();
  #cancelTimer = nothing;
  #killTrial = nothing;
  #isDoubted = false;

  /** `changed`: called when the outlook has changed. */
  constructor(
    connectionUri: string,
    keepable: KeepableUri,
    dependencies: KeptDependencies,
    changed: () => void,
  ) {
    this.#connectionUri = connectionUri;
    this.#keepable = keepable;
    this.#dependencies = dependencies;
    this.#changed = changed;
    this.#log = new KeptLog(connectionUri, dependencies.log);
  }

  get state(): KeptState {
    return this.#state;
  }

  /** For how long it has been in this state, in milliseconds. */
  get stateForMs(): number {
    return this.#dependencies.clock.now() - this.#stateSinceMs;
  }

  /** Why the last attempt has failed; `undefined` while it stands, and during the first one. */
  get cause(): string | undefined {
    return this.#log.cause;
  }

  get outlook(): KeptConnectionOutlook {
    switch (this.#state) {
      case 'standing':
        return { outlook: 'standing', connectionUri: this.#keepable.by(this.#socketPath) };
      case 'connecting':
        // After a failure another one is likely: whoever connects alone learns the reason at once.
        return { outlook: this.#failures === 0 ? 'coming' : 'none' };
      case 'idle':
      case 'pausing':
        return { outlook: 'none' };
    }
  }

  /** Resolves when the ssh that was stopped last has ended. */
  get stopped(): Promise<void> {
    return this.#stopped;
  }

  take(input: KeptInput): void {
    const { next, action } = keptStep(this.#state, input);
    const isNew = next !== this.#state;
    if (isNew) {
      this.#state = next;
      this.#stateSinceMs = this.#dependencies.clock.now();
      this.#cancelTimer();
      this.#killTrial();
    }
    if (action === 'stop') this.#stop();
    if (action === 'start') void this.#start();
    if (next === 'pausing' && isNew) this.#pause();
    if (isNew) this.#changed();
  }

  /** A virsh could not connect by this way: another one tries it. */
  doubt(): void {
    if (this.#state !== 'standing' || this.#isDoubted) return;
    this.#isDoubted = true;
    const attempt = this.#attempts;
    this.#try((cause) => {
      this.#isDoubted = false;
      if (cause !== undefined && attempt === this.#attempts) this.#lose(cause);
    });
  }

  async #start(): Promise<void> {
    const { clock, newSocketPath, startMaster } = this.#dependencies;
    this.#attempts += 1;
    const attempt = this.#attempts;
    const isCurrent = (): boolean => attempt === this.#attempts && this.#state !== 'idle';
    this.#cancelTimer = clock.after(KEPT_CONNECT_DEADLINE_MS, () => {
      this.#fail(`no connection after ${KEPT_CONNECT_DEADLINE_MS / 1000} s`);
    });
    let socketPath: string;
    try {
      socketPath = await newSocketPath();
    } catch (error) {
      if (isCurrent()) this.#fail(String(error));
      return;
    }
    if (!isCurrent() || this.#state !== 'connecting') return;
    this.#socketPath = socketPath;
    this.#stopMaster = startMaster(
      { connectionUri: this.#connectionUri, keepable: this.#keepable, socketPath },
      {
        forwards: () => {
          if (!isCurrent()) return;
          this.#try((cause) => {
            if (!isCurrent()) return;
            if (cause === undefined) this.#stand();
            else this.#fail(cause);
          });
        },
        ended: (cause) => {
          if (isCurrent()) this.#lose(cause);
        },
      },
    );
  }

  #try(ended: (cause: string | undefined) => void): void {
    const uri = this.#keepable.by(this.#socketPath);
    this.#killTrial = tryWay(this.#dependencies.followVirsh, uri, (cause) => {
      this.#killTrial = nothing;
      ended(cause);
    });
  }

  #stand(): void {
    this.#log.stands(this.stateForMs);
    this.take('proven');
  }

  #fail(cause: string): void {
    this.#failures += 1;
    this.#log.failed(cause);
    this.take('failed');
  }

  #lose(cause: string): void {
    const hasStood = this.#state === 'standing' && this.stateForMs >= KEPT_STABLE_MS;
    this.#failures = hasStood ? 0 : this.#failures + 1;
    this.#log.failed(cause);
    this.#stop();
    this.take(hasStood ? 'lost' : 'lostAtOnce');
  }

  #stop(): void {
    const stop = this.#stopMaster;
    this.#stopMaster = () => Promise.resolve();
    this.#attempts += 1;
    this.#isDoubted = false;
    this.#stopped = Promise.all([this.#stopped, stop()]).then(nothing);
  }

  #pause(): void {
    const { clock, random } = this.#dependencies;
    this.#cancelTimer = clock.after(backOffMs(this.#failures, MAXIMUM_KEPT_BACK_OFF_MS, random), () => {
      this.take('timeOver');
    });
  }
}
