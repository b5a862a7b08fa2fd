import {
  watchdogUses,
  type WatchdogExpiry,
  type WatchdogSetting,
  type WatchdogState,
} from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';

/** The unit of a countdown. */
const UNIT_MS = 100;
const SECOND_MS = 1_000;

/** The timer of one BMC (v2.0§27). It counts down whatever becomes of the worker. */
export class WatchdogTimer {
  readonly #clock: Clock;
  readonly #expire: (expiry: WatchdogExpiry) => void;
  #setting: WatchdogSetting | undefined;
  #expirationFlags = 0;
  #lastExpiry: WatchdogExpiry['effect'] | undefined;
  /** When it expires, while it runs. */
  #deadline: number | undefined;
  /** Where it stands, while it does not. */
  #stoppedAtMs = 0;
  #cancel: () => void = () => undefined;

  /** `expire` is called when the countdown ends, and when the NMI before that is due. */
  constructor(clock: Clock, expire: (expiry: WatchdogExpiry) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  get isRunning(): boolean {
    return this.#deadline !== undefined;
  }

  /** Stops the timer, unless it runs and is to go on. */
  set(setting: WatchdogSetting): void {
    const goesOn = this.isRunning && setting.dontStop;
    this.#cancel();
    this.#deadline = undefined;
    this.#setting = setting;
    this.#expirationFlags &= ~setting.clearFlags;
    this.#lastExpiry = undefined;
    this.#stoppedAtMs = setting.initialCountdown * UNIT_MS;
    if (goesOn) this.start();
  }

  /** Starts the countdown, or starts it over. False: the timer was never set. */
  start(): boolean {
    if (this.#setting === undefined) return false;
    this.#cancel();
    const { initialCountdown, nmiSeconds } = this.#setting;
    const deadline = this.#clock.now() + initialCountdown * UNIT_MS;
    this.#deadline = deadline;
    if (nmiSeconds === undefined) this.#expireAt(deadline);
    else
      this.#cancel = this.#clock.after(deadline - nmiSeconds * SECOND_MS - this.#clock.now(), () => {
        this.#expireAt(deadline);
        this.#tell('nmi');
      });
    return true;
  }

  /** What it has watched does not run any more. */
  stop(): void {
    if (this.#deadline === undefined) return;
    this.#cancel();
    this.#stoppedAtMs = this.#leftMs();
    this.#deadline = undefined;
  }

  state(): WatchdogState {
    const { use, action, dontLog, nmiSeconds, initialCountdown } = this.#setting ?? neverSet;
    return {
      ...{ use, action, dontLog, initialCountdown },
      ...(nmiSeconds !== undefined && { nmiSeconds }),
      isRunning: this.isRunning,
      presentCountdown: Math.ceil(this.#leftMs() / UNIT_MS),
      expirationFlags: this.#expirationFlags,
      ...(this.#lastExpiry !== undefined && { lastExpiry: this.#lastExpiry }),
    };
  }

  #leftMs(): number {
    return this.#deadline === undefined ? this.#stoppedAtMs : Math.max(0, this.#deadline - this.#clock.now());
  }

  #expireAt(deadline: number): void {
    this.#cancel = this.#clock.after(Math.max(0, deadline - this.#clock.now()), () => {
      if (this.#setting === undefined) return;
      const { action, use } = this.#setting;
      this.#deadline = undefined;
      this.#stoppedAtMs = 0;
      // Bit 1 is that of the first use.
      this.#expirationFlags |= 2 << watchdogUses.indexOf(use);
      this.#tell(action);
    });
  }

  #tell(effect: WatchdogExpiry['effect']): void {
    if (this.#setting === undefined) return;
    const { use, dontLog, nmiSeconds } = this.#setting;
    this.#lastExpiry = effect;
    this.#expire({ use, effect, dontLog, hasNmi: nmiSeconds !== undefined });
  }
}

const neverSet: Omit<WatchdogState, 'isRunning' | 'presentCountdown' | 'expirationFlags'> = {
  use: 'reserved',
  action: 'none',
  dontLog: false,
  initialCountdown: 0,
};
