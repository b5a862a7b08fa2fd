import type { IdentifyLamp } from '../terms/device-question.ts';

/** The identify lamp as this worker last set it, or as the supervisor told it at the start: for Get Chassis Status. */
export class IdentifyState {
  /** When it goes out; Infinity: it stays on. */
  #litUntil = -Infinity;

  set(lamp: IdentifyLamp, now: number): void {
    if (lamp === 'on') this.#litUntil = Infinity;
    else if (lamp === 'off') this.#litUntil = -Infinity;
    else this.#litUntil = now + lamp.seconds * 1_000;
  }

  at(now: number): 'off' | 'timed' | 'indefinite' {
    if (this.#litUntil === Infinity) return 'indefinite';
    return now < this.#litUntil ? 'timed' : 'off';
  }
}
