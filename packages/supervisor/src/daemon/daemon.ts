/** The daemon from its first step to its last: prepared, run until it is asked to stop, shut down. */
import { controlAnswers } from '../control/control-answers.ts';
import type { Answerer } from '../control/control-socket.ts';
import { ControlSockets } from '../control/control-sockets.ts';
import { countByStatus, type LastReload } from '../control/daemon-status.ts';
import type { EventRing } from '../control/event-ring.ts';
import { DomainWatches } from '../domain-watch/domain-watches.ts';
import { Fleet } from '../fleet/fleet.ts';
import { planFleet, validSettings } from '../fleet/plan-fleet.ts';
import type { ReloadResult } from '../fleet/reload-result.ts';
import { plainReload } from '../fleet/removal-guard.ts';
import { refuseSystemErrors } from '../host/refuse-system-errors.ts';
import { Refusal } from '../host/operator-error.ts';
import { controlSocketPath, keptDirectoryPath, reservedSocketPath } from '../host/run-directory.ts';
import { KeptConnections } from '../kept-connections/kept-connections.ts';
import { keptFollower } from '../kept-connections/kept-follower.ts';
import { startSshMaster } from '../kept-connections/ssh-master.ts';
import type { GlobalSettings } from '../inventory/global-settings.ts';
import type { Log } from '../log/log.ts';
import { Metrics } from '../metrics/metrics.ts';
import { MetricsListener } from '../metrics/metrics-listener.ts';
import { counted } from '../text/counted.ts';
import { askOwnControlSocket } from '../systemd/ask-own-control-socket.ts';
import { ServiceNotices, type ServiceLink } from '../systemd/service-notices.ts';
import { describeService } from '../systemd/service-status.ts';
import type { BmcListing } from '../status/bmc-listing.ts';
import { LogBudgets } from '../status/log-budgets.ts';
import { ownUser } from '../virsh/asking-user.ts';
import { connectionReporter } from '../virsh/connection-report.ts';
import { virshQueries } from '../virsh/virsh-query.ts';
import { ConditionWaiters } from '../worker/condition-waiters.ts';
import { GuessingSources } from '../worker/guessing-sources.ts';
import { MEGABYTE } from '../worker/memory-excess.ts';
import { applySettings } from './apply-settings.ts';
import { bugTolerance } from './bug-tolerance.ts';
import { prepare, type DaemonOptions, type PreparedDaemon } from './prepare.ts';
import { Reloader } from './reloader.ts';
import { RunDirectoryGuard } from './run-directory-guard.ts';

/** Requests to the daemon while it runs. */
export interface DaemonRequests {
  /** Calls back for each request to stop, with its cause. */
  readonly onStop: (callback: (cause: string) => void) => void;
  /** Calls back for each request to reload. */
  readonly onReload: (callback: () => void) => void;
  /** Calls back with what was thrown and not caught. */
  readonly onBug: (callback: (thrown: unknown) => void) => void;
  /** Ends the process at once. */
  readonly end: () => void;
}

/**
 * Runs until it is asked to stop and no worker is left; a second request kills the workers that have not stopped.
 * Throws a `Refusal` when it cannot start.
 */
export async function runDaemon(options: DaemonOptions, requests: DaemonRequests): Promise<void> {
  const prepared = await prepare(options);
  const { authFiles, directory, inventory } = prepared;
  try {
    const authPaths = await refuseSystemErrors(
      'cannot write SASL credentials',
      authFiles.write(validSettings(inventory.entries)),
    );
    await new Daemon(options, prepared, authPaths).run(requests);
  } finally {
    const left = await directory.leave();
    if (left !== undefined) options.dependencies.log('warn', `the run directory is not empty: ${left}`);
  }
}

class Daemon {
  readonly #options: DaemonOptions;
  readonly #log: Log;
  readonly #events: EventRing;
  readonly #prepared: PreparedDaemon;
  readonly #controlSockets: ControlSockets;
  readonly #guard: RunDirectoryGuard;
  readonly #metrics: Metrics;
  readonly #metricsListener: MetricsListener;
  readonly #keptConnections: KeptConnections;
  readonly #domainWatches: DomainWatches;
  readonly #fleet: Fleet;
  readonly #reloader: Reloader;
  readonly #notices: ServiceNotices | undefined;
  readonly #waiters = new ConditionWaiters();
  /** The settings of vbmcd as a whole that apply now. */
  #settings: GlobalSettings;
  /** Whether the first start of all BMCs is over. */
  #hasStarted = false;
  #lastResult: ReloadResult | undefined;
  #lastReload: LastReload | null = null;
  #stopRequests = 0;

  constructor(options: DaemonOptions, prepared: PreparedDaemon, authPaths: ReadonlyMap<string, string>) {
    const { inventoryPath, isRestarted, runDirectory, service, version, virtualBmc } = options;
    const { clock, events, log, random, residentBytes, losses, followVirsh } = options.dependencies;
    const { authFiles, directory, eventLogs, inventory, ipmiUsers, lastInventory, owedStarts, powerRestore } =
      prepared;
    this.#options = options;
    this.#log = log;
    this.#events = events;
    this.#prepared = prepared;
    this.#settings = inventory.settings;
    this.#metrics = new Metrics({
      version,
      residentBytes,
      losses,
      figures: () => this.#fleet.figures(),
      connections: () => this.#domainWatches.describe(),
    });
    this.#metricsListener = new MetricsListener(this.#metrics);
    this.#keptConnections = new KeptConnections(keptDirectoryPath(runDirectory), {
      ...{ clock, random, log, followVirsh },
      startMaster: startSshMaster,
    });
    this.#domainWatches = new DomainWatches({
      ...{ clock, random, log },
      followVirsh: keptFollower(followVirsh, this.#keptConnections),
    });
    this.#fleet = new Fleet(planFleet(inventory.entries, inventoryPath, authPaths), {
      ...options.dependencies,
      meter: this.#metrics,
      keptConnections: this.#keptConnections,
      ...{ domainUpdates: this.#domainWatches, domainEvents: this.#domainWatches, eventLogs },
      powerRestore,
      owedStarts,
      ipmiUsers,
      logBudgets: new LogBudgets(),
      guessingSources: new GuessingSources(clock, log),
      memoryLimitBytes: () => this.#memoryLimitBytes(),
    });
    this.#reloader = new Reloader({
      ...{ inventoryPath, virtualBmc, inventory, authFiles, lastInventory, clock, log },
      fleet: this.#fleet,
      retry: async () => {
        await powerRestore.retry();
        await ipmiUsers.retry();
      },
      untilStarted: () => this.#waiters.until(() => this.#hasStarted),
      applySettings: (settings) => this.#applySettings(settings),
      onResult: (result) => {
        this.#onReloadResult(result);
      },
    });
    this.#controlSockets = new ControlSockets(runDirectory, this.#controlAnswers(), { clock, log });
    this.#guard = new RunDirectoryGuard({
      ...{ clock, log, directory, authFiles },
      controlSockets: this.#controlSockets,
      isRestarted,
    });
    this.#notices = service && this.#serviceNotices(service);
  }

  async run(requests: DaemonRequests): Promise<void> {
    try {
      const stopRequest = this.#firstStopRequest(requests);
      requests.onReload(() => {
        this.#reload();
      });
      await refuseSystemErrors('cannot open the control socket', this.#controlSockets.open());
      this.#guard.begin();
      requests.onBug(this.#bugTolerance(requests));
      for (const failure of await this.#applySettings(this.#settings)) this.#log('error', failure);
      const message = `vbmcd is up: ${counted(this.#fleet.activeCount, 'BMC')} to start, control socket ${controlSocketPath(this.#options.runDirectory)}`;
      this.#log('info', message, { event: 'daemonStarted', version: this.#options.version });
      const started = this.#start();
      void this.#notices?.run(started);
      const lost = await Promise.race([stopRequest, this.#guard.lost]);
      await this.#shutDown(started);
      if (typeof lost === 'string') throw new Refusal(lost);
    } finally {
      this.#guard.close();
      this.#metricsListener.close();
      this.#controlSockets.close();
    }
  }

  /** Resolves when every BMC answers, has failed or has taken too long. */
  async #start(): Promise<void> {
    await this.#fleet.start();
    this.#hasStarted = true;
    this.#waiters.check();
    this.#domainWatches.beginSurveys();
  }

  async #shutDown(started: Promise<void>): Promise<void> {
    void this.#notices?.stopping();
    const [left] = await Promise.all([this.#fleet.stop(), started]);
    const { eventLogs, ipmiUsers, lastInventory, owedStarts, powerRestore } = this.#prepared;
    for (const notes of [ipmiUsers, lastInventory, owedStarts]) notes.close();
    await Promise.all([powerRestore.close(), eventLogs.close()]);
    await this.#keptConnections.close();
    if (left.length === 0) this.#log('info', 'vbmcd has stopped, no worker is left');
    else this.#log('error', `vbmcd ends before ${workersText(left)}`, { event: 'workersLeft' });
  }

  #bugTolerance({ end }: DaemonRequests): (thrown: unknown) => void {
    const { clock } = this.#options.dependencies;
    const count = (): void => {
      this.#metrics.internalError();
    };
    return bugTolerance({ clock, log: this.#log, count, end });
  }

  async #firstStopRequest({ onStop }: DaemonRequests): Promise<void> {
    return new Promise((resolve) => {
      onStop((cause) => {
        this.#stopRequests += 1;
        const isFirst = this.#stopRequests === 1;
        this.#log(
          'info',
          isFirst ? `${cause}: stopping all BMCs` : `${cause} again: killing what has not stopped`,
        );
        resolve();
        if (!isFirst) this.#fleet.skipGracePeriod();
      });
    });
  }

  #controlAnswers(): () => Answerer {
    const { dependencies, inventoryPath, version, virtualBmc } = this.#options;
    return controlAnswers({
      clock: dependencies.clock,
      version,
      inventoryPath,
      virtualBmc,
      fleet: this.#fleet,
      keptConnections: () => this.#keptConnections.describe(),
      events: this.#events,
      metrics: this.#metrics,
      connections: connectionReporter(
        ownUser().name,
        () => this.#fleet.connections,
        virshQueries({ user: ownUser }),
      ),
      reload: this.#reloader.reload,
      lastReload: () => this.#lastReload,
    });
  }

  async #applySettings(settings: GlobalSettings): Promise<readonly string[]> {
    this.#settings = settings;
    return applySettings(settings, this.#controlSockets, this.#metricsListener);
  }

  #reload(): void {
    this.#reloader.reload(plainReload).catch((error: unknown) => {
      this.#log('error', `reload failed: ${String(error)}`);
    });
  }

  #onReloadResult(result: ReloadResult): void {
    const { outcome } = result;
    this.#metrics.reloaded(outcome);
    this.#lastReload = { at: this.#options.dependencies.clock.date().toISOString(), outcome };
    this.#lastResult = result;
    void this.#notices?.changed();
  }

  #memoryLimitBytes(): number | undefined {
    const { memoryLimitMb } = this.#settings;
    return memoryLimitMb === undefined ? undefined : memoryLimitMb * MEGABYTE;
  }

  #serviceNotices(service: ServiceLink): ServiceNotices {
    return new ServiceNotices(service, {
      clock: this.#options.dependencies.clock,
      log: this.#log,
      checkDuties: async (withinMs) => ({
        controlAnswers: await askOwnControlSocket(reservedSocketPath(this.#options.runDirectory), withinMs),
        sinceLastPingMs: this.#fleet.sinceLastPingMs,
      }),
      describe: () => {
        const statuses = this.#fleet.figures().map(({ listing }) => listing.status);
        return describeService(countByStatus(statuses), this.#lastResult);
      },
    });
  }
}

function workersText(left: readonly BmcListing[]): string {
  const workers = left.map(({ name, pid }) => (pid === null ? name : `${name} (pid ${pid})`));
  return `${counted(left.length, 'worker')} that SIGKILL did not end: ${workers.join(', ')}`;
}
