/** Somebody who starts and destroys a domain by virsh all the time, and remembers when. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '#lab/lab.ts';
import type { SeededRandom } from '#support/seeded-random.ts';

export interface PowerChange {
  readonly power: 'on' | 'off';
  /** By `performance.now`: when virsh was called, and when it had ended. */
  readonly begunAt: number;
  readonly endedAt: number;
}

const LONGEST_PAUSE_MS = 1_200;

export class PowerLoad {
  readonly #lab: Lab;
  readonly #name: string;
  readonly #random: SeededRandom;
  #power: 'on' | 'off' = 'off';
  #changes: PowerChange[] = [];
  total = 0;

  constructor(lab: Lab, name: string, random: SeededRandom) {
    this.#lab = lab;
    this.#name = name;
    this.#random = random;
  }

  get power(): 'on' | 'off' {
    return this.#power;
  }

  /** Those since the last call. */
  takeChanges(): readonly PowerChange[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const power = this.#power === 'on' ? 'off' : 'on';
      const begunAt = performance.now();
      await this.#lab.libvirt.virsh(power === 'on' ? 'start' : 'destroy', this.#name);
      this.#changes.push({ power, begunAt, endedAt: performance.now() });
      this.#power = power;
      this.total += 1;
      await sleep(this.#random.below(LONGEST_PAUSE_MS), undefined, { signal: stopped }).catch(
        () => undefined,
      );
    }
  }
}
