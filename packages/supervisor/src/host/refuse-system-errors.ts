import { defined } from '../text/records.ts';
import { Refusal } from './operator-error.ts';

/**
 * Resolves as `attempt` does. An error of the operating system, which the operator can remove, becomes a `Refusal` that
 * begins with `what`; any other error is a bug and passes.
 */
export async function refuseSystemErrors<T>(what: string, attempt: Promise<T>, remedy?: string): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(`${what}: ${error.message}`, { cause: error, ...defined({ remedy }) });
  }
}
