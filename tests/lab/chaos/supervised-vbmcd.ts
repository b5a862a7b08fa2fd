/** vbmcd as systemd keeps it: started again, by the same command, a second after its end, however that came. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PrivateLibvirt } from '../private-libvirt.ts';
import { launchVbmcd, type LaunchOptions, type Vbmcd } from '../vbmcd.ts';
import type { LogLine } from './told-lines.ts';

/** `RestartSec` and `TimeoutStopSec` of the unit. */
const RESTART_MS = 1_000;
const STOP_MS = 60_000;

export class SupervisedVbmcd {
  readonly lines: LogLine[] = [];
  /** How often it was started. */
  lives = 0;
  readonly #libvirt: PrivateLibvirt;
  readonly #options: LaunchOptions;
  readonly #now: () => number;
  readonly #onOwnEnd: (how: string) => void;
  #current: Vbmcd;
  #isEnding = false;
  #unfinished = '';
  #restarted: Promise<void> = Promise.resolve();

  /** `onOwnEnd`: called when it ends without a signal of ours. */
  constructor(
    libvirt: PrivateLibvirt,
    inventory: string,
    options: LaunchOptions & { readonly now: () => number; readonly onOwnEnd: (how: string) => void },
  ) {
    const { now, onOwnEnd, ...launchOptions } = options;
    this.#libvirt = libvirt;
    this.#options = launchOptions;
    this.#now = now;
    this.#onOwnEnd = onOwnEnd;
    this.#current = this.#launch(inventory);
  }

  get current(): Vbmcd {
    return this.#current;
  }

  get pid(): number {
    return this.#current.pid;
  }

  /** Ends it by this signal, by SIGKILL after the unit's time; resolves when another one was started. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.#endCurrent(signal);
    await sleep(RESTART_MS);
    this.#isEnding = false;
    this.#current = this.#launch(undefined);
  }

  /** Ends it for good. */
  async stop(): Promise<number | NodeJS.Signals> {
    await this.#restarted;
    return this.#endCurrent('SIGTERM');
  }

  async #endCurrent(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.#isEnding = true;
    const vbmcd = this.#current;
    const late = setTimeout(() => {
      this.#onOwnEnd(`it has not ended within ${STOP_MS / 1000} s of ${signal}`);
      void vbmcd.stop('SIGKILL');
    }, STOP_MS);
    const how = await vbmcd.stop(signal);
    clearTimeout(late);
    return how;
  }

  #launch(inventory: string | undefined): Vbmcd {
    this.lives += 1;
    const vbmcd = launchVbmcd(this.#libvirt, inventory, {
      ...this.#options,
      onLog: (text) => {
        this.#take(text);
      },
    });
    void vbmcd.ended.then((how) => {
      if (this.#isEnding) return;
      this.#onOwnEnd(`it has ended by itself: ${how}`);
      this.#restarted = sleep(RESTART_MS).then(() => {
        if (!this.#isEnding) this.#current = this.#launch(undefined);
      });
    });
    return vbmcd;
  }

  #take(text: string): void {
    const found = (this.#unfinished + text).split('\n');
    this.#unfinished = found.pop() ?? '';
    for (const line of found) this.lines.push({ at: this.#now(), text: line });
  }
}
