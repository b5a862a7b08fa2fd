/** One BMC under supervision: what fleet, list and reload use of it. */
import type { BmcConfiguration, BmcGauges, SessionDescription } from '@vbmc/bmc-worker/ipc';
import type { BmcDetail } from '../status/bmc-detail.ts';
import { BmcHistory } from '../status/bmc-history.ts';
import type { BmcListing } from '../status/bmc-listing.ts';
import type { PowerReading } from '../status/power-reading.ts';
import { knownPasswordWarning } from '../status/known-password.ts';
import type { Sensed } from '../status/sensed.ts';
import { showConfiguration } from '../status/show-configuration.ts';
import { showUnfinishedChange } from '../status/show-unfinished-change.ts';
import { showUnauthenticatedActivity } from '../status/show-unauthenticated-activity.ts';
import { PowerReadings } from './power-readings.ts';
import { within } from '../supervision/within.ts';
import type { Dependencies } from '../worker/dependencies.ts';
import { WorkerLife } from '../worker/worker-life.ts';
import { WorkerReports } from '../status/worker-reports.ts';

/** What became of the wish to end a session. */
export type SessionEnd = 'ended' | 'noSession' | 'noAnswer';

/** How many users were removed, or why none was. */
export type UserReset = { readonly removed: number } | { readonly failure: string };

export class SupervisedBmc {
  readonly #clock: Dependencies['clock'];
  readonly #history = new BmcHistory();
  readonly #reports: WorkerReports;
  readonly #life: WorkerLife;
  readonly #power: PowerReadings;
  readonly #owedStarts: Dependencies['owedStarts'];

  constructor(configuration: BmcConfiguration, dependencies: Dependencies) {
    const { clock, log, logBudgets, meter } = dependencies;
    this.#clock = clock;
    this.#owedStarts = dependencies.owedStarts;
    this.#reports = new WorkerReports({
      bmc: configuration.name,
      ...{ clock, log, logBudgets, meter },
      history: this.#history,
    });
    this.#life = new WorkerLife(configuration, dependencies, this.#reports, this.#history);
    this.#power = new PowerReadings(clock, this.#life.requests, () => this.#life.domainLink.trouble);
  }

  start(): void {
    this.#life.take('start');
  }

  /** Resolves when no process of this BMC is left. */
  async stop(): Promise<void> {
    this.#life.take('stop');
    await this.#life.until(() => this.#life.state === 'stopped');
  }

  /** The same, but not for a worker that has been killed and does not end. Resolves with whether none is left. */
  async stopIfPossible(): Promise<boolean> {
    this.#life.take('stop');
    await this.#life.until(() => this.#life.state === 'stopped' || this.#life.isStuck);
    return this.#life.state === 'stopped';
  }

  /** Kills the worker if it was asked to stop. */
  skipGracePeriod(): void {
    this.#life.take('skipGracePeriod');
  }

  /** Resolves when it is known whether the BMC answers, or after `withinMs`. */
  async settled(withinMs: number): Promise<void> {
    const known = this.#life.until(() => this.#life.state !== 'starting');
    await within(this.#clock, withinMs, known);
  }

  /** Whether only its address is missing on this machine. */
  get awaitsAddress(): boolean {
    return this.#life.awaitsAddress;
  }

  /** For the next worker; a running one is not changed. */
  reconfigure(configuration: BmcConfiguration): void {
    this.#life.configuration = configuration;
  }

  /**
   * Takes a configuration that differs in its users only. Resolves with whether the worker has confirmed them; true
   * also when no worker runs, because the next one gets them.
   */
  async updateUsers(configuration: BmcConfiguration): Promise<boolean> {
    const { clientSettings, worker, state } = this.#life;
    this.#life.configuration = configuration;
    if (worker === undefined || (state !== 'starting' && state !== 'running')) return true;
    return (await clientSettings.users.push()) || this.#life.worker !== worker;
  }

  /** As of the last report. */
  get gauges(): BmcGauges {
    return this.#reports.gauges;
  }

  /** What sensors are made of; known without asking the worker. */
  get sensed(): Sensed {
    const { domainState, sensorFacts } = this.#life.domainLink;
    return domainState === undefined ? {} : { domainState, ...sensorFacts };
  }

  /** How many records its event log has; `undefined` while it cannot be read. */
  get eventLogEntries(): number | undefined {
    return this.#life.recording?.log.figures?.entries;
  }

  /** How many calls of its worker libvirt owes an answer. */
  get unansweredCalls(): number {
    return this.#life.domainLink.unanswered.calls;
  }

  /** How long ago the running worker was pinged; 0 while none runs. */
  get sinceLastPingMs(): number {
    return this.#life.sinceLastPingMs;
  }

  /** The listing; asks the worker for the power state and waits at most `deadlineMs` for it. */
  async list(deadlineMs: number): Promise<BmcListing> {
    const { listing } = await this.#read(deadlineMs);
    return listing;
  }

  /** The detail; asks the worker for its sessions and power state and waits at most `deadlineMs`. */
  async describe(deadlineMs: number): Promise<BmcDetail> {
    const { requests, state } = this.#life;
    const asked =
      state === 'running' ? requests.ask({ type: 'describe' }, 'description', deadlineMs) : undefined;
    const askedImage =
      state === 'running' ? requests.ask({ type: 'readManagedSave' }, 'managedSave', deadlineMs) : undefined;
    const [read, description, found] = await Promise.all([this.#read(deadlineMs), asked, askedImage]);
    const { listing, power } = read;
    const image = found?.image ?? 'unknown';
    return {
      ...listing,
      configuration: showConfiguration(this.#life.clientSettings.users.complete(this.#life.configuration)),
      workerStartedAt: this.#life.worker === undefined ? null : this.#life.startedAt,
      sessions: description?.sessions ?? null,
      strangers: description === undefined ? null : showUnauthenticatedActivity(description),
      eventLog: this.#life.recording?.log.figures ?? null,
      unfinishedChange: showUnfinishedChange(this.#owedStarts?.describe(listing.name)),
      listening: state === 'running' ? this.#life.addressLink.listening() : [],
      managedSave: image === 'unknown' ? null : image === 'present',
      power,
      ...this.#history.describe(),
    };
  }

  /** The open sessions; `null` when no worker runs or it does not answer within `deadlineMs`. */
  async sessions(deadlineMs: number): Promise<readonly SessionDescription[] | null> {
    const { requests, state } = this.#life;
    if (state !== 'running') return null;
    const description = await requests.ask({ type: 'describe' }, 'description', deadlineMs);
    return description?.sessions ?? null;
  }

  /** Ends the session with this id for an operator, and says so in the log. */
  async closeSession(session: string, by: string, deadlineMs: number): Promise<SessionEnd> {
    const { requests, state } = this.#life;
    if (state !== 'running') return 'noSession';
    const answer = await requests.ask({ type: 'closeSession', session }, 'sessionEnded', deadlineMs);
    if (answer === undefined) return 'noAnswer';
    const { user, source } = answer;
    if (user === undefined || source === undefined) return 'noSession';
    const message = `session ${session} of "${user}" from ${source} ended by ${by} with vbmc sessions --close`;
    this.#reports.log('info', message, { event: 'sessionEndedByOperator', session, user, source, by });
    return 'ended';
  }

  /** Removes the users that clients have made by IPMI, for an operator, and says so in the log. */
  async resetUsers(by: string): Promise<UserReset> {
    const { configuration } = this.#life;
    const { users: userLink } = this.#life.clientSettings;
    const removed = userLink.complete(configuration).userSlots?.length ?? 0;
    const failure = await userLink.reset();
    if (failure !== undefined) return { failure };
    // Who is removed cannot log in any more when the operator has the answer, unless the worker hangs.
    await this.updateUsers(configuration);
    const message = `users made by IPMI removed by ${by} with vbmc users reset: ${removed}`;
    this.#reports.log('info', message, { event: 'usersReset', removed, by });
    return { removed };
  }

  /** The listing without the power state, which only the worker knows. */
  brief(): BmcListing {
    const { name, domainName: domain, address, port, users } = this.#life.configuration;
    const { state, reason, worker, restarts, domainLink, addressLink, deviceLink } = this.#life;
    return {
      name,
      domain,
      address,
      port,
      status: state === 'bindFailing' || (state === 'running' && addressLink.isMute) ? 'bindFailed' : state,
      reason,
      warning: knownPasswordWarning(users),
      powerState: 'unknown',
      powerFailure: null,
      domainState: null,
      pid: worker?.pid ?? null,
      restarts,
      unanswered: domainLink.unanswered.describe(),
      identify: deviceLink.lamp.state,
    };
  }

  /** The listing with the power state, and the reading that this is from: `vbmc list` and `vbmc show` say the same. */
  async #read(
    deadlineMs: number,
  ): Promise<{ readonly listing: BmcListing; readonly power: PowerReading | null }> {
    const power = this.#life.state === 'running' ? await this.#power.read(deadlineMs) : null;
    if (power === null) return { listing: this.brief(), power };
    const { powerState, domainState, failure: powerFailure } = power;
    return { listing: { ...this.brief(), powerState, powerFailure, domainState }, power };
  }
}
