/** How many lines of the log clients may cause, per BMC and on all BMCs together. Pure. */
import { Quota, type Turn } from '../log/log-quota.ts';

const MINUTE_MS = 60_000;

/** Lines a minute. What is left out is counted, in the log and in the metrics. */
const budgets = {
  /** Refusals, which a client without an account causes as often as it likes. */
  refusals: { perBmc: 100, total: 200 },
  /** Logins given up and lock-outs; workers fold them, so that more than these take many addresses. */
  guesses: { perBmc: 60, total: 200 },
  /** Sessions, which take a password; folded by user and address. */
  sessions: { perBmc: 200, total: 600 },
} as const;
export type LineKind = keyof typeof budgets;

/** The budgets that all BMCs share. journald drops lines of a service above 10,000 in 30 s by default. */
export class LogBudgets {
  readonly #totals: Readonly<Record<LineKind, Quota>> = {
    refusals: new Quota(budgets.refusals.total, MINUTE_MS),
    guesses: new Quota(budgets.guesses.total, MINUTE_MS),
    sessions: new Quota(budgets.sessions.total, MINUTE_MS),
  };

  /** A BMC's own budget, within the one of all. */
  forBmc(kind: LineKind): BmcLineBudget {
    return new BmcLineBudget(new Quota(budgets[kind].perBmc, MINUTE_MS), this.#totals[kind]);
  }
}

export class BmcLineBudget {
  readonly #own: Quota;
  readonly #total: Quota;

  constructor(own: Quota, total: Quota) {
    this.#own = own;
    this.#total = total;
  }

  take(nowMs: number): Turn {
    const turn = this.#own.take(nowMs);
    if (!turn.granted || this.#total.take(nowMs).granted) return turn;
    this.#own.miss(turn.missed + 1);
    return { granted: false };
  }
}
