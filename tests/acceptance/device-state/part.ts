import type { AcceptanceRun } from '../acceptance-run.ts';

export interface PartOptions {
  readonly seed: number;
  /** How often worker or vbmcd are killed under load. */
  readonly kills: number;
  /** How many logins fail. */
  readonly logins: number;
}

export type Part = (
  run: Pick<AcceptanceRun, 'report' | 'print' | 'unlessInterrupted'>,
  options: PartOptions,
) => Promise<void>;
