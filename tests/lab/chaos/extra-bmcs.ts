import { SeededRandom } from '#support/seeded-random.ts';
import type { Edited } from './inventory-state.ts';

export const EXTRA_BMCS = 5;

/** The BMCs that the editors add and remove, with what the editors were told last. They have no domain. */
export class ExtraBmcs {
  readonly states = new Map<string, Edited>();
  readonly ports: readonly number[];
  readonly random: SeededRandom;
  /** How often the inventory was edited by hand. */
  handEdits = 0;

  constructor(seed: number, ports: readonly number[]) {
    this.random = new SeededRandom(seed);
    this.ports = ports;
    for (const index of ports.keys()) this.states.set(`extra-${index}`, 'absent');
  }
}
