/** A client that reads one BMC's power-on hours all the time: they never fall. */
import { getPohCounter } from '@vbmc/ipmi-codec';
import { hexCode, UNANSWERED, type Remote } from './remote.ts';

export class HoursLoad {
  #told = 0;
  /** How often they were read. */
  reads = 0;

  get told(): number {
    return this.#told;
  }

  /** Resolves with whether there was an answer. */
  async read(remote: Remote): Promise<boolean> {
    const outcome = await remote.ask(getPohCounter, undefined);
    if (outcome === UNANSWERED) return false;
    const { completionCode, value } = outcome;
    if (value === undefined) throw new Error(`Get POH Counter: ${hexCode(completionCode)}`);
    const hours = (value.count * value.minutesPerCount) / 60;
    if (hours < this.#told) throw new Error(`${hours} power-on hours after ${this.#told}`);
    this.#told = hours;
    this.reads += 1;
    return true;
  }
}
