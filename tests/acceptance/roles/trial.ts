/** One automation against our package: runs its files, and keeps a row for each part. */
import type { Checkout } from './checkout.ts';
import { play, type Play } from './play.ts';
import type { RoleLab } from './role-lab.ts';
import { lineOf, linesBetween, range, type KnownBreaks, type Outcome, type Row } from './row.ts';

export interface Automation {
  readonly name: string;
  /** `OWNER/NAME` on GitHub. */
  readonly repository: string;
  /** What an operator does before it: shell lines. */
  readonly before?: string;
  readonly domains: readonly string[];
  readonly knownBreaks?: KnownBreaks;
  run(trial: Trial): Promise<void>;
}

export interface JudgedPlay extends Play {
  /** The tasks from this one on have nothing to do with VirtualBMC. */
  readonly until?: string;
  /** Tasks that fail with VirtualBMC too, and that the role ignores. */
  readonly mayFail?: readonly string[];
}

export class Trial {
  readonly lab: RoleLab;
  readonly checkout: Checkout;
  /** Where further checkouts are. */
  readonly from: string;
  readonly #onRow: (row: Row) => void;

  constructor(options: {
    readonly lab: RoleLab;
    readonly checkout: Checkout;
    readonly from: string;
    /** Called with each row as it is made. */
    readonly onRow: (row: Row) => void;
  }) {
    ({ lab: this.lab, checkout: this.checkout, from: this.from, onRow: this.#onRow } = options);
  }

  /** Runs tasks of the checkout: a row for each file, and one for each task that fails. */
  async play({ until, mayFail = [], ...wanted }: JudgedPlay): Promise<void> {
    const results = await play(this.lab.systemd, this.lab.scratch, this.checkout, wanted);
    const end = results.findIndex(({ task }) => until !== undefined && named(task, until));
    const ours = results.slice(0, end === -1 ? undefined : end);
    for (const file of new Set(ours.map((result) => result.file))) {
      const inFile = ours.filter((result) => result.file === file);
      const failed = inFile.filter(
        ({ outcome, task }) => outcome !== 'ok' && !mayFail.some((one) => named(task, one)),
      );
      const good = inFile.filter((result) => !failed.includes(result)).map(({ line }) => line);
      if (good.length > 0) {
        const lines = range(Math.min(...good), Math.max(...good));
        this.#add(file, lines, `${good.length} tasks`, 'works', '');
      }
      for (const { line, task, text } of failed) this.#add(file, String(line), bare(task), 'breaks', text);
    }
  }

  /** A row for what these lines are about: it works when `run` resolves, and breaks with what it rejects with. */
  async step(
    file: string,
    from: string | RegExp,
    what: string,
    run: (text: string) => Promise<string>,
    to: string | RegExp = from,
  ): Promise<void> {
    const { text, lines } = linesBetween(await this.checkout.read(file), from, to);
    try {
      this.#add(file, lines, what, 'works', await run(text));
    } catch (error) {
      this.#add(file, lines, what, 'breaks', error instanceof Error ? error.message : String(error));
    }
  }

  /** A row for lines that no replacement of VirtualBMC can run. */
  async cannot(file: string, pattern: string | RegExp, what: string, why: string): Promise<void> {
    const line = lineOf(await this.checkout.read(file), pattern);
    this.#add(file, String(line), what, 'cannot', why);
  }

  #add(file: string, lines: string, what: string, outcome: Outcome, why: string): void {
    this.#onRow({ file, lines, what, outcome, why });
  }
}

/** Whether a task, which Ansible calls `role : name`, has this name. */
function named(task: string, name: string): boolean {
  return bare(task) === name;
}

function bare(task: string): string {
  return task.replace(/^\S+ : /, '');
}
