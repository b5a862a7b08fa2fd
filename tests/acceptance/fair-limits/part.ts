import type { AcceptanceRun } from '../acceptance-run.ts';

export interface PartContext extends Pick<AcceptanceRun, 'report' | 'print' | 'unlessInterrupted'> {
  /** Whether this program has a network namespace of its own (`prepareOwnNetwork`). */
  readonly hasOwnNetwork: boolean;
}
