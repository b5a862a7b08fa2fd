import type { ScenarioFindings } from './report/findings.ts';
import type { Sizes } from './sizes.ts';

/** The arguments of a scenario. */
export interface Bench {
  readonly sizes: Sizes;
  readonly findings: ScenarioFindings;
  readonly virtualBmcCheckout?: string;
  readonly ipmiSim: boolean;
  /** What our BMCs listen on; 127.0.0.1 if absent. Clients ask 127.0.0.1. */
  readonly address?: string;
  /** Prints progress. */
  say(line: string): void;
}

/** A measurement. It leaves no process and no file behind. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  run(bench: Bench): Promise<void>;
}
