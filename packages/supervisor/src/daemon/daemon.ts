/** The daemon from its first step to its last. */
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { FollowVirsh } from '@vbmc/bmc-worker/libvirt';
import { countByStatus, type LastReload } from '../control/daemon-status.ts';
import { EventRing } from '../control/event-ring.ts';
import type { ReloadResult } from '../fleet/reload-result.ts';
import { describeService } from '../systemd/service-status.ts';
import { formatDiagnostic } from '../inventory/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { applySettings } from './apply-settings.ts';
import { askOwnControlSocket } from '../systemd/ask-own-control-socket.ts';
import { AuthFiles } from '../virsh/auth-files.ts';
import { controlAnswers } from '../control/control-answers.ts';
import { listenOnControlSocket } from '../control/control-socket.ts';
import type { DomainServices } from '../worker/domain-link.ts';
import { DomainWatches } from '../domain-watch/domain-watches.ts';
import { Fleet } from '../fleet/fleet.ts';
import { Metrics } from '../metrics/metrics.ts';
import { MetricsListener } from '../metrics/metrics-listener.ts';
import { planFleet } from '../fleet/plan-fleet.ts';
import { PowerRestore } from '../power-restore/power-restore.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { recordingLog } from '../control/recording-log.ts';
import { Refusal } from '../host/operator-error.ts';
import { createReload } from './reloader.ts';
import { authDirectoryPath, claimRunDirectory, controlSocketPath } from '../host/run-directory.ts';
import { ServiceNotices, type ServiceLink } from '../systemd/service-notices.ts';
import type { Dependencies } from '../worker/dependencies.ts';

export interface DaemonOptions {
  readonly version: string;
  readonly inventoryPath: string;
  readonly runDirectory: string;
  readonly stateDirectory: string;
  /** Which boot of the host this is; `undefined`: the kernel tells. */
  readonly bootId: string | undefined;
  /** systemd, when it has started us and wants to be told; `undefined`: nobody is told. */
  readonly service: ServiceLink | undefined;
  readonly dependencies: Omit<Dependencies, 'meter' | 'memoryLimitBytes' | keyof DomainServices> & {
    readonly followVirsh: FollowVirsh;
  };
}

/** What the world asks of the daemon while it runs. */
export interface DaemonRequests {
  /** Calls back for each request to stop, with what asked for it. */
  readonly onStop: (callback: (cause: string) => void) => void;
  /** Calls back for each request to reload. */
  readonly onReload: (callback: () => void) => void;
}

const MEGABYTE = 2 ** 20;

/**
 * Runs until it is asked to stop and no worker is left; a second request kills what has not stopped.
 * Throws a `Refusal` when it cannot start.
 */
export async function runDaemon(options: DaemonOptions, requests: DaemonRequests): Promise<void> {
  const { inventoryPath, runDirectory, version } = options;
  const { clock, random, residentBytes, followVirsh } = options.dependencies;
  const events = new EventRing();
  const log = recordingLog(options.dependencies.log, events, clock);
  const inventory = await refusing(`cannot read the inventory`, readInventory(inventoryPath));
  report(inventory, inventoryPath, log);
  let { settings } = inventory;
  let lastReload: LastReload | null = null;
  let lastResult: ReloadResult | undefined;

  await refusing(`cannot use the run directory ${runDirectory}`, claimRunDirectory(runDirectory));
  const { stateDirectory, bootId } = options;
  const powerRestore = await PowerRestore.open({
    ...{ stateDirectory, clock, log },
    ...(bootId !== undefined && { bootId }),
  });
  const authDirectory = authDirectoryPath(runDirectory);
  const metrics: Metrics = new Metrics({ version, residentBytes, figures: () => fleet.figures() });
  const metricsListener = new MetricsListener(metrics);
  const authFiles = new AuthFiles(authDirectory);
  let server: Server | undefined;
  let fleet: Fleet;
  try {
    const valid = inventory.entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
    const authPaths = await refusing('cannot write SASL credentials', authFiles.write(valid));
    const domainUpdates = new DomainWatches({ clock, random, log, followVirsh });
    fleet = new Fleet(planFleet(inventory.entries, inventoryPath, authPaths), {
      ...options.dependencies,
      log,
      meter: metrics,
      domainUpdates,
      powerRestore,
      memoryLimitBytes: () =>
        settings.memoryLimitMb === undefined ? undefined : settings.memoryLimitMb * MEGABYTE,
    });
    const stopRequest = firstStopRequest(requests.onStop, fleet, log);
    const socketPath = controlSocketPath(runDirectory);
    let begin = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      begin = (): void => {
        resolve(fleet.start());
      };
    });
    const notices =
      options.service &&
      new ServiceNotices(options.service, {
        clock,
        log,
        tryDuties: async (withinMs) => {
          const controlAnswers = await askOwnControlSocket(socketPath, withinMs);
          return { controlAnswers, sinceLastPingMs: fleet.sinceLastPingMs };
        },
        describe: () => {
          const statuses = fleet.figures().map(({ listing }) => listing.status);
          return describeService(countByStatus(statuses), lastResult);
        },
      });
    const reload = createReload({
      inventoryPath,
      fleet,
      authFiles,
      log,
      started,
      applySettings: async (next) => {
        settings = next;
        return applySettings(next, socketPath, metricsListener);
      },
      onResult: (result) => {
        const { outcome } = result;
        metrics.reloaded(outcome);
        lastReload = { at: clock.date().toISOString(), outcome };
        lastResult = result;
        void notices?.changed();
      },
    });
    requests.onReload(() => {
      reload().catch((error: unknown) => {
        log('error', `reload failed: ${String(error)}`);
      });
    });
    const answers = controlAnswers({
      ...{ clock, version, inventoryPath, fleet, events, metrics, reload },
      lastReload: () => lastReload,
    });
    server = await refusing(
      'cannot open the control socket',
      listenOnControlSocket(socketPath, answers, log),
    );
    for (const unmet of await applySettings(settings, socketPath, metricsListener)) log('error', unmet);
    const message = `vbmcd is up: ${fleet.activeCount} BMCs to start, control socket ${socketPath}`;
    log('info', message, { event: 'daemonStarted', version });
    begin();
    void started.then(() => {
      domainUpdates.beginSurveys();
    });
    void notices?.run(started);
    await stopRequest;
    void notices?.stopping();
    await Promise.all([fleet.stop(), started]);
    await powerRestore.close();
    log('info', 'vbmcd has stopped, no worker is left');
  } finally {
    metricsListener.close();
    server?.close();
    server?.closeAllConnections();
    await rm(authDirectory, { recursive: true, force: true });
  }
}

async function firstStopRequest(
  onStop: DaemonRequests['onStop'],
  fleet: Fleet,
  log: Dependencies['log'],
): Promise<void> {
  let requests = 0;
  return new Promise((resolve) => {
    onStop((cause) => {
      requests += 1;
      log(
        'info',
        requests === 1 ? `${cause}: stopping all BMCs` : `${cause} again: killing what has not stopped`,
      );
      resolve();
      if (requests > 1) fleet.skipGracePeriod();
    });
  });
}

function report(inventory: Inventory, inventoryPath: string, log: Dependencies['log']): void {
  for (const diagnostic of inventory.diagnostics) {
    log(diagnostic.severity === 'error' ? 'error' : 'warn', formatDiagnostic(inventoryPath, diagnostic));
  }
  if (inventory.entries.length === 0) {
    log('warn', `${inventoryPath} has no BMC: write a section [NAME] with a password for each domain`);
  }
}

/** What the operating system refuses is the operator's to mend: one line, no stack. */
async function refusing<T>(what: string, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new Refusal(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}
