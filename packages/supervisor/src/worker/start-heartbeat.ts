/** The heartbeat of a running worker: what it looks at, and what it tells. */
import type { WorkerReports } from '../status/worker-reports.ts';
import type { Dependencies } from './dependencies.ts';
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts';
import { memoryExcess } from './memory-excess.ts';
import type { WorkerRequests } from './worker-requests.ts';

export interface HeartbeatOfWorker {
  readonly dependencies: Dependencies;
  readonly reports: WorkerReports;
  readonly requests: WorkerRequests;
  /** `undefined` when the worker has gone. */
  readonly pid: () => number | undefined;
  /** Called at most once, when it is told why the worker must be replaced. */
  readonly failed: HeartbeatOptions['onFailure'];
}

export function startHeartbeat({
  dependencies,
  reports,
  requests,
  pid,
  failed,
}: HeartbeatOfWorker): Heartbeat {
  return new Heartbeat({
    clock: dependencies.clock,
    requests,
    memoryExcess: () => memoryExcess(pid(), dependencies),
    activity: () => {
      const worker = pid();
      return worker === undefined ? undefined : dependencies.processActivity(worker);
    },
    onStarved: (silentMs) => {
      const forS = (silentMs / 1000).toFixed(1);
      const message = `worker has not answered for ${forS} s, and waits for a processor: the machine is overloaded`;
      reports.log('warn', message, { event: 'workerStarved' });
    },
    onPong: (pong) => {
      reports.signOfLife(pong);
    },
    onFailure: (failure, cause) => {
      reports.log('error', cause, { event: failure });
      failed(failure, cause);
    },
  });
}
