/** The worker of one BMC: carries out what the life-cycle table says, with real time and a real process. */
import type { BmcConfiguration, SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import type { BmcHistory } from '../status/bmc-history.ts';
import { describeProcessEnd } from './crash-cause.ts';
import { printable } from '../text/printable.ts';
import { Recent } from '../status/recent.ts';
import { withNextAttempt } from './restart-policy.ts';
import { stateDeadlinesMs, step, type LifecycleAction, type LifecycleInput } from './worker-lifecycle.ts';
import type { LifecycleState } from '../status/lifecycle-state.ts';
import { readWorkerMessage } from './worker-message.ts';
import { BindRetries } from './bind-retries.ts';
import { DomainLink } from './domain-link.ts';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';
import { memoryExcess } from './memory-excess.ts';
import type { Dependencies } from './dependencies.ts';
import { ConditionWaiters } from './condition-waiters.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { WorkerReports } from '../status/worker-reports.ts';
import { WorkerRequests } from './worker-requests.ts';
import { WorkerRestarts } from './worker-restarts.ts';

/** Enough of a worker's last output to hold the stack trace of a crash. */
const RECENT_LINES = 40;

export class WorkerLife {
  /** What the next worker is told. */
  configuration: BmcConfiguration;
  /** Questions to the worker that there is. */
  readonly requests: WorkerRequests;
  readonly #dependencies: Dependencies;
  readonly #reports: WorkerReports;
  #state: LifecycleState = 'stopped';
  #worker: WorkerProcess | undefined;
  #startedAt = '';
  #reason: string | null = null;
  readonly #restarts: WorkerRestarts;
  readonly #bindRetries: BindRetries;
  readonly #domainLink: DomainLink;
  #heartbeat: Heartbeat | undefined;
  #cancelDeadline: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  readonly #waiters = new ConditionWaiters();

  constructor(
    configuration: BmcConfiguration,
    dependencies: Dependencies,
    reports: WorkerReports,
    history: BmcHistory,
  ) {
    this.configuration = configuration;
    this.#dependencies = dependencies;
    this.#reports = reports;
    this.#restarts = new WorkerRestarts(dependencies, reports, history);
    this.#bindRetries = new BindRetries(dependencies, reports);
    this.#domainLink = new DomainLink(dependencies, (message) => {
      this.#send(message);
    });
    this.requests = new WorkerRequests(dependencies.clock, (message) => {
      this.#send(message);
    });
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** The process that there is, whatever its state. */
  get worker(): WorkerProcess | undefined {
    return this.#worker;
  }

  /** When the last process was started: ISO 8601 in UTC. */
  get startedAt(): string {
    return this.#startedAt;
  }

  /** How often it ended unasked. */
  get restarts(): number {
    return this.#restarts.count;
  }

  /** How long ago a worker that runs was asked for a sign of life; 0 for one that is not asked. */
  get sinceLastPingMs(): number {
    return this.#heartbeat === undefined
      ? 0
      : this.#dependencies.clock.now() - this.#heartbeat.lastPingAtMs();
  }

  /** Why it does not run, if it should. */
  get reason(): string | null {
    if (this.#state === 'bindFailing' || this.#state === 'bindFailed') return this.#bindRetries.reason;
    if (this.#state === 'failing') return this.#reason;
    if (this.#state !== 'backingOff') return null;
    return withNextAttempt(this.#reason ?? '', this.#restarts.waitMs);
  }

  /** Whether all that it lacks is its address on this machine. */
  get awaitsAddress(): boolean {
    return (this.#state === 'bindFailing' || this.#state === 'bindFailed') && this.#bindRetries.awaitsAddress;
  }

  /** From outside come `start`, `stop` and `skipGracePeriod`. */
  take(input: LifecycleInput): void {
    const { next, actions } = step(this.#state, input);
    const changed = next !== this.#state;
    this.#state = next;
    if (changed) this.#enter(next);
    for (const action of actions) this.#act(action);
    if (changed) this.#waiters.check();
  }

  /** Resolves when `condition` holds; it is looked at with each change of state. */
  async until(condition: () => boolean): Promise<void> {
    return this.#waiters.until(condition);
  }

  #enter(state: LifecycleState): void {
    this.#cancelDeadline();
    this.#cancelDeadline = () => undefined;
    const deadlineMs = stateDeadlinesMs[state];
    if (deadlineMs !== undefined) {
      this.#cancelDeadline = this.#dependencies.clock.after(deadlineMs, () => {
        this.#reports.log('warn', `worker still ${state} after ${deadlineMs / 1000} s: killed`);
        this.take('deadlinePassed');
      });
    }
    this.#heartbeat?.stop();
    this.#heartbeat = state === 'running' ? this.#startHeartbeat() : undefined;
    if (state === 'running') this.#domainLink.open(this.configuration);
    else this.#domainLink.close();
  }

  #startHeartbeat(): Heartbeat {
    return startHeartbeat({
      clock: this.#dependencies.clock,
      ask: async (intervalMs) => {
        if (this.#exceedsMemory()) return true;
        const pong = await this.requests.ask({ type: 'ping' }, 'pong', intervalMs);
        if (pong !== undefined) this.#reports.signOfLife(pong);
        return pong !== undefined;
      },
      missed: (silentMs) => {
        this.#replace(
          'heartbeatMissed',
          `worker has not answered for ${(silentMs / 1000).toFixed(1)} s: killed`,
        );
      },
    });
  }

  #exceedsMemory(): boolean {
    const excess = memoryExcess(this.#worker?.pid, this.#dependencies);
    if (excess !== undefined) this.#replace('memoryExceeded', excess);
    return excess !== undefined;
  }

  #replace(input: 'heartbeatMissed' | 'memoryExceeded', cause: string): void {
    this.#reason = cause;
    this.#reports.log('error', cause, { event: input });
    this.take(input);
  }

  #act(action: LifecycleAction): void {
    switch (action) {
      case 'fork':
        this.#fork();
        break;
      case 'askToStop':
        this.#send({ type: 'stop' });
        break;
      case 'kill':
        this.#worker?.kill();
        break;
      case 'scheduleRestart':
        this.#cancelRetry = this.#restarts.schedule(this.configuration.name, this.#reason ?? '', () => {
          this.take('retryDue');
        });
        break;
      case 'scheduleBindRetry':
        this.#cancelRetry = this.#bindRetries.schedule(() => {
          this.take('retryDue');
        });
        break;
      case 'cancelRetry':
        this.#cancelRetry();
        break;
    }
  }

  #fork(): void {
    const { clock, startWorker } = this.#dependencies;
    const follows = this.#restarts.begin();
    this.#startedAt = clock.date().toISOString();
    const recentLines = new Recent<string>(RECENT_LINES);
    this.#worker = startWorker(this.configuration.name, {
      message: (message) => {
        this.#receive(message);
      },
      outputLine: (_stream, line) => {
        recentLines.add(line);
        this.#reports.outputLine(line);
      },
      exited: (end, startFailure) => {
        this.#worker = undefined;
        this.requests.giveUp();
        this.#reports.workerGone();
        // The cause of a failed bind or of a kill was told before; the end of that process says nothing new.
        if (this.#state !== 'bindFailing' && this.#state !== 'failing') {
          this.#reason =
            startFailure === undefined
              ? printable(describeProcessEnd(end, recentLines.list()), 500)
              : `worker could not be started: ${startFailure}`;
        }
        this.take('workerExited');
      },
    });
    this.#send({ type: 'configure', configuration: this.#domainLink.complete(this.configuration, follows) });
  }

  #send(message: SupervisorMessage): void {
    this.#worker?.send(message);
  }

  #receive(message: unknown): void {
    const received = readWorkerMessage(message);
    switch (received?.type) {
      case undefined:
        this.#reports.unknownMessage();
        break;
      case 'ready': {
        this.#bindRetries.over();
        const where = `${printable(received.address)} port ${received.port}/udp`;
        this.#reports.log('info', `BMC answers on ${where}`, { event: 'bmcReady' });
        this.take('workerReady');
        break;
      }
      case 'bindFailed':
        void this.#bindRetries.failed(received.code, printable(received.message), this.configuration);
        this.take('workerBindFailed');
        break;
      case 'events':
        for (const event of received.events) this.#reports.event(event);
        break;
      case 'virshCall':
        this.#reports.virshCall(received);
        break;
      case 'powerRestorePolicy':
        void this.#domainLink.storePolicy(this.configuration.name, received);
        break;
      case 'powerState':
      case 'usersUpdated':
      case 'pong':
      case 'description':
        this.requests.answer(received);
    }
  }
}
