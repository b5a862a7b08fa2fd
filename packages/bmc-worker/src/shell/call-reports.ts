/** Tells the supervisor which calls libvirt owes an answer, and when a start is under way. */
import type { WorkerMessage } from '../ipc/protocol.ts';
import { monotonicMs } from './monotonic-clock.ts';

interface CallReports {
  readonly changed: (unanswered: readonly { readonly verb: string; readonly since: number }[]) => void;
  readonly startChanged: (isUnderWay: boolean) => void;
}

/** For the call gate. `isByWatchdog`: whether the change under way is what the watchdog timer was set to do. */
export function callReports(
  send: (message: WorkerMessage) => void,
  isByWatchdog: () => boolean,
): CallReports {
  return {
    changed: (unanswered) => {
      const [oldest] = unanswered;
      const forMs = oldest === undefined ? 0 : monotonicMs() - oldest.since;
      const calls = unanswered.length;
      send({ type: 'unansweredCalls', ...(oldest && { verb: oldest.verb }), forMs, calls });
    },
    startChanged: (isUnderWay) => {
      const byWatchdog = isUnderWay && isByWatchdog();
      send({
        type: 'startUnderWay',
        ...(isUnderWay && { isSo: true }),
        ...(byWatchdog && { byWatchdog }),
      });
    },
  };
}
