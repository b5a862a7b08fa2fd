import type { Clock } from '../host/clock.ts';

/** The lamp by which a person finds one machine among many: Chassis Identify (v2.0§28.5). */
export class IdentifyLamp {
  readonly #clock: Clock;
  /** By the clock; in the past: the lamp is dark. */
  #litUntilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(lamp: 'off' | 'on' | { readonly seconds: number }): void {
    if (lamp === 'on') this.#litUntilMs = Infinity;
    else if (lamp === 'off') this.#litUntilMs = -Infinity;
    else this.#litUntilMs = this.#clock.now() + lamp.seconds * 1_000;
  }

  /** For how long it stays lit, in whole seconds; undefined: it is dark. */
  get remaining(): 'on' | { readonly seconds: number } | undefined {
    if (this.state === 'off') return undefined;
    if (this.#litUntilMs === Infinity) return 'on';
    return { seconds: Math.ceil((this.#litUntilMs - this.#clock.now()) / 1_000) };
  }

  /** `on`: until somebody switches it off. */
  get state(): 'off' | 'on' | 'timed' {
    if (this.#litUntilMs === Infinity) return 'on';
    return this.#clock.now() < this.#litUntilMs ? 'timed' : 'off';
  }
}
