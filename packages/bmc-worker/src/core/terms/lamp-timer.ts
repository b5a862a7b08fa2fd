import type { IdentifyLamp } from './device-question.ts';

/** Until when the identify lamp is lit (v2.0§28.5). Times are in milliseconds, by the caller's clock. */
export class LampTimer {
  /** Infinity: until somebody switches it off. */
  #litUntil = -Infinity;

  set(lamp: IdentifyLamp, now: number): void {
    if (lamp === 'on') this.#litUntil = Infinity;
    else if (lamp === 'off') this.#litUntil = -Infinity;
    else this.#litUntil = now + lamp.seconds * 1_000;
  }

  /** `on`: until somebody switches it off. */
  stateAt(now: number): 'off' | 'on' | 'timed' {
    if (this.#litUntil === Infinity) return 'on';
    return now < this.#litUntil ? 'timed' : 'off';
  }

  /** For how long it stays lit, in whole seconds; undefined: it is dark. */
  remainingAt(now: number): Exclude<IdentifyLamp, 'off'> | undefined {
    if (this.stateAt(now) === 'off') return undefined;
    if (this.#litUntil === Infinity) return 'on';
    return { seconds: Math.ceil((this.#litUntil - now) / 1_000) };
  }
}
