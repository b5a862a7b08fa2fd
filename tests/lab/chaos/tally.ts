/** What a run has done and found, and the report of it. */
import { describeCommand, type ChaosCommand, type Outcome } from './command.ts';
import type { Became } from './judge-change.ts';

export type ViolationKind =
  | 'wrong answer'
  | 'not exactly once'
  | 'half a change'
  | 'disturbed neighbour'
  | 'not settled'
  | 'inventory'
  | 'vbmcd'
  | 'left over';

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
  /** Faults, command, what libvirt says, times. */
  readonly history: readonly string[];
}

export class Tally {
  rounds = 0;
  sparingRounds = 0;
  probes = 0;
  excusedProbes = 0;
  edits = 0;
  /** Edits that were not acknowledged, with what their editor was told. */
  readonly refusedEdits: string[] = [];
  readonly outcomes = new Map<Outcome['is'], number>();
  readonly commands = new Map<string, number>();
  readonly became = new Map<Became, number>();
  readonly violations: Violation[] = [];
  /** The longest time until a change that was cut was settled, after its client had given up. */
  longestSettlingMs = 0;

  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  answered(command: ChaosCommand, outcome: Outcome): void {
    add(this.outcomes, outcome.is);
    add(this.commands, `${describeCommand(command).split(' ').slice(0, 2).join(' ')}: ${outcome.is}`);
  }

  cut(became: Became): void {
    add(this.became, became);
  }

  violate(violation: Violation): void {
    this.violations.push(violation);
    this.#print(`VIOLATION (${violation.kind}): ${violation.what}`);
    for (const line of violation.history) this.#print(`    ${line}`);
  }

  progress(): string {
    const of = (is: Outcome['is']): number => this.outcomes.get(is) ?? 0;
    return [
      `round ${this.rounds}`,
      `${of('acknowledged')} acknowledged, ${of('refused')} refused, ${of('unanswered')} unanswered`,
      `${this.became.get('finished') ?? 0} cut and finished, ${this.became.get('told') ?? 0} cut and told`,
      `${this.violations.length} violations`,
    ].join('; ');
  }

  report(faults: ReadonlyMap<string, number>): readonly string[] {
    const count = (kind: ViolationKind): number =>
      this.violations.filter((violation) => violation.kind === kind).length;
    return [
      `rounds: ${this.rounds}, of them ${this.sparingRounds} with faults that hit one BMC at most`,
      `faults: ${sum(faults)}`,
      ...table(faults),
      `commands: ${sum(this.outcomes)}`,
      ...table(this.outcomes),
      ...table(this.commands),
      `changes without a success for their client: ${sum(this.became)}`,
      ...table(this.became),
      `  longest time until such a change was settled: ${(this.longestSettlingMs / 1000).toFixed(1)} s`,
      `questions for the power status: ${this.probes}, without an answer for a fault's sake: ${this.excusedProbes}`,
      `edits of the inventory: ${this.edits}, not acknowledged: ${this.refusedEdits.length}`,
      `wrong answers: ${count('wrong answer')}`,
      `changes that have not happened exactly once: ${count('not exactly once')}`,
      `changes cut, neither finished nor told: ${count('half a change') + count('not settled')}`,
      `neighbours disturbed: ${count('disturbed neighbour')}`,
      `faults of inventory: ${count('inventory')}, of vbmcd itself: ${count('vbmcd')}, left over: ${count('left over')}`,
    ];
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function table(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].sort().map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`);
}
