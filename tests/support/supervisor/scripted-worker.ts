import type { SupervisorMessage, WorkerMessage } from '#worker/ipc/protocol.ts';
import type { ChannelViolation } from '#supervisor/status/channel-violation.ts';
import type { StartWorker, WorkerListener } from '#supervisor/worker/worker-process.ts';

/** A fake worker process that does what the test says. */
export class ScriptedWorker {
  readonly received: SupervisorMessage[] = [];
  killed = false;
  ended = false;
  readonly #listener: WorkerListener;

  constructor(listener: WorkerListener) {
    this.#listener = listener;
  }

  says(message: WorkerMessage): void {
    this.#listener.message(message);
  }

  breaksRule(violation: ChannelViolation): void {
    this.#listener.brokeRule(violation);
  }

  prints(line: string): void {
    this.#listener.outputLine('stderr', line);
  }

  isReady(): void {
    this.says({ type: 'ready', address: '::', port: 623 });
  }

  exits(code: number | null, signal: string | null = null): void {
    this.ended = true;
    this.#listener.exited({ code, signal });
  }

  couldNotStart(failure: string): void {
    this.#listener.exited({ code: null, signal: null }, failure);
  }
}

/** Collects the workers in the order in which they were started. */
export function scriptedWorkers(): { started: ScriptedWorker[]; startWorker: StartWorker } {
  const started: ScriptedWorker[] = [];
  const startWorker: StartWorker = (_bmc, listener) => {
    const worker = new ScriptedWorker(listener);
    started.push(worker);
    return {
      pid: 1000 + started.length,
      send: (message) => worker.received.push(message),
      kill: () => {
        worker.killed = true;
      },
    };
  };
  return { started, startWorker };
}
