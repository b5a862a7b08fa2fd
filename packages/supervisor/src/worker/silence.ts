/** Why a worker does not answer: it hangs, or the machine gives it no processor. Pure. */
import type { ProcessActivity } from '../host/process-activity.ts';
import { HANG_PROCESSOR_MS } from '../supervision/supervision-times.ts';

/**
 * `before`: at its first missed ping; `now`: after enough of them. A worker that wants a processor and has had little is
 * not to blame: to start another one would add to the load. An endless loop wants a processor too, and uses it up.
 */
export function awaitsProcessor(
  before: ProcessActivity | undefined,
  now: ProcessActivity | undefined,
): boolean {
  if (before === undefined || now?.state !== 'R') return false;
  return now.processorMs - before.processorMs < HANG_PROCESSOR_MS;
}
