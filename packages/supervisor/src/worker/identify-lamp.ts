import { LampTimer } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';

/** The lamp by which a person finds one machine among many: Chassis Identify (v2.0§28.5). */
export class IdentifyLamp {
  readonly #clock: Clock;
  readonly #timer = new LampTimer();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(lamp: Parameters<LampTimer['set']>[0]): void {
    this.#timer.set(lamp, this.#clock.now());
  }

  /** For how long it stays lit, in whole seconds; undefined: it is dark. */
  get remaining(): ReturnType<LampTimer['remainingAt']> {
    return this.#timer.remainingAt(this.#clock.now());
  }

  /** `on`: until somebody switches it off. */
  get state(): ReturnType<LampTimer['stateAt']> {
    return this.#timer.stateAt(this.#clock.now());
  }
}
