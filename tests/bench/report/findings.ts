import { median } from '../measure/distribution.ts';
import { ratiosOf } from '../measure/ratios.ts';

export type Unit = '/s' | 'ms' | 's' | 'us' | 'MB' | 'x' | '%' | '';

export interface Figure {
  readonly scenario: string;
  readonly what: string;
  /** The measured program: `vbmc`, a peer, or `vbmc : peer` for a ratio. */
  readonly subject: string;
  readonly value: number;
  readonly unit: Unit;
  readonly detail?: string;
}

/** A fault of vbmc, or a scenario that did not end. Slowness is no failure. */
export interface Failure {
  readonly scenario: string;
  readonly what: string;
}

export interface Findings {
  readonly figures: readonly Figure[];
  readonly failures: readonly Failure[];
}

export interface Finding {
  readonly what: string;
  readonly subject: string;
  readonly unit: Unit;
}

/** What one scenario finds. */
export class ScenarioFindings implements Findings {
  readonly figures: Figure[] = [];
  readonly failures: Failure[] = [];
  readonly #scenario: string;

  constructor(scenario: string) {
    this.#scenario = scenario;
  }

  figure(finding: Finding, value: number, detail?: string): void {
    const figure = { scenario: this.#scenario, ...finding, value };
    this.figures.push(detail === undefined ? figure : { ...figure, detail });
  }

  /** The median of several rounds, with the spread. */
  rounds(finding: Finding, values: readonly number[]): void {
    const shown = values.map((value) => shortNumber(value)).join(', ');
    this.figure(finding, median(values), values.length > 1 ? `rounds: ${shown}` : undefined);
  }

  /** The ratio of `ours` to `theirs`, round by round. */
  ratio(what: string, ours: Series, theirs: Series): void {
    const { perRound, median: value } = ratiosOf(ours.values, theirs.values);
    const finding = { what, subject: `${ours.subject} : ${theirs.subject}`, unit: 'x' } as const;
    const detail = `rounds: ${perRound.map((one) => one.toFixed(2)).join(', ')}`;
    this.figure(finding, value, perRound.length > 1 ? detail : undefined);
  }

  failure(what: string): void {
    this.failures.push({ scenario: this.#scenario, what });
  }
}

export interface Series {
  readonly subject: string;
  readonly values: readonly number[];
}

/** Three significant digits; whole numbers without a fraction. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? value.toFixed(0)
    : String(Number(value.toPrecision(3)));
}
