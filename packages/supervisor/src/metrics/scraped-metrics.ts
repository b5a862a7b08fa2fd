/** Metrics that are read at the moment of the scrape: the state of the fleet, and what vbmcd could not do. */
import { bmcGauges } from '@vbmc/bmc-worker/ipc';
import type { FleetFigure } from '../fleet/fleet-answers.ts';
import { bmcStatuses } from '../status/bmc-listing.ts';
import { gaugeMetrics } from './figure-metrics.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** What vbmcd could not do, since its start. */
export interface Losses {
  /** How many attempts to start each program have failed. */
  readonly notStarted: ReadonlyMap<string, number>;
  readonly logLines: number;
}

export interface WatchedConnection {
  readonly connectionUri: string;
  /** How many domains libvirt does not answer about. */
  readonly unansweredDomains: number;
}

/** All are called at each scrape, so they must not wait for a worker. */
export interface Scraped {
  readonly figures: () => readonly FleetFigure[];
  /** The connections that are watched. */
  readonly connections: () => readonly WatchedConnection[];
  readonly residentBytes: (pid: number) => number | undefined;
  readonly losses: () => Losses;
}

export function describeFleet(
  registry: MetricRegistry,
  { figures, connections, residentBytes }: Scraped,
): void {
  registry.gauge('vbmc_bmcs', 'BMCs of the inventory by status', ['status'], (gauge) => {
    for (const status of bmcStatuses) gauge.set({ status }, 0);
    for (const { listing } of figures()) gauge.inc({ status: listing.status });
  });
  registry.gauge('vbmc_bmc_up', '1 while the BMC answers', ['bmc'], (gauge) => {
    for (const { listing } of figures()) {
      if (listing.status !== 'stopped')
        gauge.set({ bmc: listing.name }, Number(listing.status === 'running'));
    }
  });
  for (const figure of bmcGauges) {
    const { name, help } = gaugeMetrics[figure];
    registry.gauge(name, help, ['bmc'], (gauge) => {
      for (const fleetFigure of figures()) gauge.set({ bmc: fleetFigure.listing.name }, fleetFigure[figure]);
    });
  }
  const owed = 'Calls of virsh by the worker that libvirt has not answered in time and still owes an answer';
  registry.gauge('vbmc_virsh_calls_unanswered', owed, ['bmc'], (gauge) => {
    for (const { listing, unansweredCalls } of figures()) gauge.set({ bmc: listing.name }, unansweredCalls);
  });
  const records = 'Records in the system event log';
  registry.gauge('vbmc_event_log_records', records, ['bmc'], (gauge) => {
    for (const { listing, eventLogEntries } of figures())
      if (eventLogEntries !== undefined) gauge.set({ bmc: listing.name }, eventLogEntries);
  });
  const stuck = 'Domains of BMCs about which libvirt does not answer';
  registry.gauge('vbmc_domains_unanswered', stuck, ['connection'], (gauge) => {
    for (const { connectionUri, unansweredDomains } of connections())
      gauge.set({ connection: connectionUri }, unansweredDomains);
  });
  const help = 'Resident memory of the worker, shared pages included';
  registry.gauge('vbmc_worker_resident_memory_bytes', help, ['bmc'], (gauge) => {
    for (const { listing } of figures()) {
      const bytes = listing.pid === null ? undefined : residentBytes(listing.pid);
      if (bytes !== undefined) gauge.set({ bmc: listing.name }, bytes);
    }
  });
}

export function describeLosses(registry: MetricRegistry, { losses }: Scraped): void {
  registry.countedElsewhere(
    'vbmc_program_start_failures_total',
    'Attempts of vbmcd to start a program (virsh, worker, systemd-notify) that failed',
    ['program'],
    (counter) => {
      for (const [program, count] of losses().notStarted) counter.inc({ program }, count);
    },
  );
  registry.countedElsewhere(
    'vbmc_log_lines_dropped_total',
    'Lines of the log that could not be written',
    [],
    (counter) => {
      counter.inc(losses().logLines);
    },
  );
}
