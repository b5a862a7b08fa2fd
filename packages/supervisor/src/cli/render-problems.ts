import { printable } from '../text/printable.ts';
import type { ReloadProblem } from '../fleet/reload-result.ts';

/** For standard error: which BMCs do not answer after a reload, and why. */
export function renderProblems(problems: readonly ReloadProblem[]): string {
  return problems
    .map(({ name, status, reason }) => `vbmc: ${printable(name)} is ${status}: ${printable(reason, 1000)}\n`)
    .join('');
}
