import type { ScenarioFindings } from './report/findings.ts';
import type { Sizes } from './sizes.ts';

/** What a scenario is given. */
export interface Bench {
  readonly sizes: Sizes;
  readonly findings: ScenarioFindings;
  readonly virtualBmcCheckout?: string;
  readonly ipmiSim: boolean;
  /** Progress, for who waits. */
  say(line: string): void;
}

/** Something that is measured. It leaves nothing behind. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  run(bench: Bench): Promise<void>;
}
