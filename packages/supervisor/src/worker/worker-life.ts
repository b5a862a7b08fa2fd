/** The worker of one BMC: carries out the transitions of the life-cycle table with real time and a real process. */
import type { BmcConfiguration, SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import type { BmcHistory } from '../status/bmc-history.ts';
import { describeEndOfWorker } from './crash-cause.ts';
import { Recent } from '../status/recent.ts';
import { withNextAttempt } from './restart-policy.ts';
import { stateDeadlinesMs, step, type LifecycleAction, type LifecycleInput } from './worker-lifecycle.ts';
import type { LifecycleState } from '../status/lifecycle-state.ts';
import { recordingOf, type Recording } from '../event-log/recording.ts';
import { BindRetries } from './bind-retries.ts';
import { AddressLink } from './address-link.ts';
import { ClientSettings } from './client-settings.ts';
import { DeviceLink } from './device-link.ts';
import { DomainLink } from './domain-link.ts';
import type { Heartbeat } from './heartbeat.ts';
import { KillWatch } from './kill-watch.ts';
import { lanFactsOf } from './lan-facts.ts';
import { startHeartbeat } from './start-heartbeat.ts';
import { LogLink } from './log-link.ts';
import type { ChannelViolation } from '../status/channel-violation.ts';
import type { Dependencies } from './dependencies.ts';
import { ConditionWaiters } from './condition-waiters.ts';
import { WorkerMessages } from './worker-messages.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { WorkerReports } from '../status/worker-reports.ts';
import { WorkerRequests } from './worker-requests.ts';
import { WorkerRestarts } from './worker-restarts.ts';

/** Enough of a worker's last output to hold the stack trace of a crash. */
const RECENT_LINES = 40;

export class WorkerLife {
  /** For the next worker. */
  configuration: BmcConfiguration;
  /** Questions to the current worker. */
  readonly requests: WorkerRequests;
  readonly #dependencies: Dependencies;
  readonly #reports: WorkerReports;
  #state: LifecycleState = 'stopped';
  #worker: WorkerProcess | undefined;
  #startedAt = '';
  #reason: string | null = null;
  /** Whether the last process could not be started. */
  #neverStarted = false;
  readonly #restarts: WorkerRestarts;
  readonly #bindRetries: BindRetries;
  readonly domainLink: DomainLink;
  readonly addressLink: AddressLink;
  readonly deviceLink: DeviceLink;
  readonly recording: Recording | undefined;
  readonly #logLink: LogLink;
  readonly clientSettings: ClientSettings;
  #heartbeat: Heartbeat | undefined;
  #cancelDeadline: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  /** Ends the news of sources that guess. */
  #endGuessing: () => void = () => undefined;
  readonly #waiters = new ConditionWaiters();
  readonly #messages: WorkerMessages;
  readonly #killWatch: KillWatch;

  constructor(
    configuration: BmcConfiguration,
    dependencies: Dependencies,
    reports: WorkerReports,
    history: BmcHistory,
  ) {
    this.configuration = configuration;
    const send = this.#send.bind(this);
    this.#dependencies = dependencies;
    this.#reports = reports;
    this.#restarts = new WorkerRestarts(dependencies, reports, history);
    this.recording = recordingOf(configuration.name, dependencies);
    this.domainLink = new DomainLink(configuration.name, dependencies, send);
    this.#logLink = new LogLink(this.recording, send);
    this.requests = new WorkerRequests(dependencies.clock, send);
    this.clientSettings = new ClientSettings({
      ...{ ...dependencies, reports, requests: this.requests, configuration: () => this.configuration },
      ...{ send, record: (fact) => this.recording?.log.note(fact) },
    });
    this.deviceLink = new DeviceLink({
      clock: dependencies.clock,
      ...{ reports, send },
      lanFacts: async () =>
        lanFactsOf(this.addressLink.wanted(), this.configuration.port, dependencies.describeNetwork),
    });
    this.addressLink = new AddressLink(dependencies, () => this.configuration, send);
    this.#bindRetries = new BindRetries(dependencies, reports, () => this.addressLink.wanted());
    this.#killWatch = new KillWatch(dependencies.clock, reports, this.#waiters.check.bind(this.#waiters));
    this.#messages = new WorkerMessages({
      ...{ reports, requests: this.requests, bindRetries: this.#bindRetries },
      ...{ domainLink: this.domainLink, addressLink: this.addressLink },
      ...{ deviceLink: this.deviceLink, logLink: this.#logLink, recording: this.recording },
      clientSettings: this.clientSettings,
      guessingSources: dependencies.guessingSources,
      configuration: () => this.configuration,
      take: this.take.bind(this),
    });
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** The current process, whatever its state. */
  get worker(): WorkerProcess | undefined {
    return this.#worker;
  }

  /** When the last process was started: ISO 8601 in UTC. */
  get startedAt(): string {
    return this.#startedAt;
  }

  /** How often a worker ended unasked. */
  get restarts(): number {
    return this.#restarts.count;
  }

  /** How long ago the running worker was pinged; 0 while none runs. */
  get sinceLastPingMs(): number {
    return this.#heartbeat === undefined ? 0 : this.#dependencies.clock.now() - this.#heartbeat.lastPingAtMs;
  }

  /** Whether the worker has been killed and does not end. */
  get isStuck(): boolean {
    return this.#killWatch.problem !== null;
  }

  /** Why no worker runs although one should, or one does although none should; else `null`. */
  get reason(): string | null {
    if (this.#killWatch.problem !== null) return this.#killWatch.problem;
    if (this.#state === 'bindFailing' || this.#state === 'bindFailed') return this.#bindRetries.reason;
    if (this.#state === 'failing') return this.#reason;
    if (this.#state === 'running') return this.addressLink.problem;
    if (this.#state !== 'backingOff') return null;
    return withNextAttempt(this.#reason ?? '', this.#restarts.waitMs);
  }

  /** Whether only its address is missing on this machine. */
  get awaitsAddress(): boolean {
    return (this.#state === 'bindFailing' || this.#state === 'bindFailed') && this.#bindRetries.awaitsAddress;
  }

  /** Callers outside this class use `start`, `stop` and `skipGracePeriod` only. */
  take(given: LifecycleInput): void {
    const isStart = given === 'start' || given === 'retryDue';
    const input = isStart && this.addressLink.isUnknown ? 'addressUnknown' : given;
    const { next, actions } = step(this.#state, input);
    const changed = next !== this.#state;
    this.#state = next;
    if (changed) this.#enter(next);
    for (const action of actions) this.#act(action);
    if (changed) this.#waiters.check();
  }

  /** Resolves when `condition` holds, which is checked after each change of state, and when a killed worker does not end. */
  async until(condition: () => boolean): Promise<void> {
    return this.#waiters.until(condition);
  }

  #enter(state: LifecycleState): void {
    this.#cancelDeadline();
    this.#cancelDeadline = () => undefined;
    const deadlineMs = stateDeadlinesMs[state];
    if (deadlineMs !== undefined) {
      this.#cancelDeadline = this.#dependencies.clock.after(deadlineMs, () => {
        this.#reports.log('warn', `worker still ${state} after ${deadlineMs / 1000} s: killed`, {
          event: 'workerOverdue',
        });
        this.take('deadlinePassed');
      });
    }
    this.#heartbeat?.stop();
    this.#heartbeat = state === 'running' ? this.#startHeartbeat() : undefined;
    if (state === 'stopped') this.recording?.chronicle.close();
    else this.recording?.chronicle.open(this.configuration, this.#dependencies.domainEvents);
    if (state === 'stopped') this.addressLink.release();
    else this.addressLink.hold();
    this.#endGuessing();
    if (state === 'running') {
      this.#endGuessing = this.#tellGuessingSources();
      this.domainLink.open(this.configuration);
      this.addressLink.open();
      this.clientSettings.open();
    } else {
      this.domainLink.close();
      this.addressLink.close();
      this.clientSettings.close(state === 'stopped');
    }
  }

  #startHeartbeat(): Heartbeat {
    return startHeartbeat({
      dependencies: this.#dependencies,
      reports: this.#reports,
      requests: this.requests,
      pid: () => this.#worker?.pid,
      failed: (failure, cause) => {
        this.#reason = cause;
        this.take(failure);
      },
    });
  }

  #tellGuessingSources(): () => void {
    const listen = (sources: readonly string[]): void => {
      this.#send({ type: 'guessingSources', sources });
    };
    return this.#dependencies.guessingSources?.subscribe(listen) ?? (() => undefined);
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
        if (this.#worker !== undefined) this.#killWatch.kill(this.#worker);
        break;
      case 'scheduleRestart':
        this.#cancelRetry = this.#restarts.schedule(
          this.configuration.name,
          this.#reason ?? '',
          this.#neverStarted,
          () => {
            this.take('retryDue');
          },
        );
        break;
      case 'scheduleBindRetry':
        this.#cancelRetry = this.#bindRetries.schedule(() => {
          this.take('retryDue');
        });
        break;
      case 'awaitAddress':
        this.#cancelRetry = this.#bindRetries.nameUnresolved(() => {
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
    const followsCrash = this.#restarts.begin();
    this.#startedAt = clock.date().toISOString();
    const recentLines = new Recent<string>(RECENT_LINES);
    this.#worker = startWorker(this.configuration.name, {
      message: (message) => {
        this.#messages.receive(message);
      },
      brokeRule: (violation) => {
        this.#condemn(violation);
      },
      outputLine: (_stream, line) => {
        recentLines.add(line);
        this.#reports.outputLine(line);
      },
      exited: (end, startFailure) => {
        this.#worker = undefined;
        this.#killWatch.ended();
        this.#neverStarted = startFailure !== undefined;
        this.requests.abandonAll();
        const { addressLink, clientSettings, deviceLink, domainLink } = this;
        const links = [domainLink, deviceLink, this.#logLink, addressLink, clientSettings];
        for (const one of [this.#reports, ...links]) one.workerGone();
        // The cause of a failed bind or of a kill is known already; the end of that process adds nothing.
        if (this.#state !== 'bindFailing' && this.#state !== 'failing')
          this.#reason = describeEndOfWorker(end, startFailure, recentLines.list());
        this.take('workerExited');
      },
    });
    this.#send({
      type: 'configure',
      configuration: this.addressLink.complete(
        this.deviceLink.complete(
          this.domainLink.complete(this.clientSettings.users.complete(this.configuration), followsCrash),
        ),
      ),
    });
  }

  #send(message: SupervisorMessage): void {
    this.#worker?.send(message);
  }

  /** Replaces a worker that has broken a rule of its channel. */
  #condemn({ kind, cause }: ChannelViolation): void {
    this.#reason = `${cause}: killed`;
    this.#reports.channelViolation(kind, this.#reason);
    this.take('channelViolated');
  }
}
