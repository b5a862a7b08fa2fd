/** Tells the supervisor which calls libvirt owes an answer, and when a start is under way. */
import type { WorkerMessage } from '../ipc/protocol.ts';
import { monotonicMs } from './monotonic-clock.ts';

interface CallReports {
  readonly changed: (unanswered: readonly { readonly verb: string; readonly since: number }[]) => void;
  readonly startChanged: (isUnderWay: boolean) => void;
}

/** For the call gate. */
export function callReports(send: (message: WorkerMessage) => void): CallReports {
  return {
    changed: (unanswered) => {
      const [oldest] = unanswered;
      const forMs = oldest === undefined ? 0 : monotonicMs() - oldest.since;
      const calls = unanswered.length;
      send({ type: 'unansweredCalls', ...(oldest && { verb: oldest.verb }), forMs, calls });
    },
    startChanged: (isUnderWay) => {
      send({ type: 'startUnderWay', ...(isUnderWay && { isSo: true }) });
    },
  };
}
