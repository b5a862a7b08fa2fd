import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import { Refusal } from './operator-error.ts';
import { systemProblem } from './system-problem.ts';

/**
 * Resolves as `attempt` does. An error of the operating system, which the operator can remove, becomes a `Refusal` that
 * begins with `what`; any other error is a bug and passes. `remedy`: a better one than that of the error in general.
 */
export async function refuseSystemErrors<T>(what: string, attempt: Promise<T>, remedy?: string): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    const problem = systemProblem(error) ?? unnamedProblem(error);
    if (problem === undefined) throw error;
    const { message, remedy: known } = problem;
    throw new Refusal(`${what}: ${message}`, { cause: error, ...defined({ remedy: remedy ?? known }) });
  }
}

/** An error of Node's own that has a code, a path that is no text for instance. */
function unnamedProblem(error: unknown): Problem | undefined {
  return error instanceof Error && 'code' in error ? { message: error.message } : undefined;
}
