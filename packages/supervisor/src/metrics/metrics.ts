/** The only importer of prom-client: metrics of vbmcd and its BMCs for Prometheus, described in docs/metrics.md. */
import {
  bmcCounters,
  bmcGauges,
  valuesByName,
  type BmcCounter,
  type BmcCounters,
  type BmcEvent,
} from '@vbmc/bmc-worker/ipc';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { bmcStatuses } from '../status/bmc-listing.ts';
import { violationKinds, type ViolationKind } from '../status/channel-violation.ts';
import { counterMetrics, gaugeMetrics } from './figure-metrics.ts';
import { actionLabels, labelOf, outcomeLabels, verbLabels } from './metric-labels.ts';
import type { Meter } from '../status/meter.ts';
import type { FleetFigure } from '../fleet/fleet.ts';

/** In seconds: reading a state takes some 20 ms, a power cycle seconds, and a call fails after 20 s. */
const durationBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

/** prom-client's sums of other gauges: only counters may have such names (`promtool check metrics`). */
const misnamedGauges = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** What vbmcd could not do, since its start. */
export interface Losses {
  /** How many attempts to start each program have failed. */
  readonly notStarted: ReadonlyMap<string, number>;
  readonly logLines: number;
}

export interface MetricsOptions {
  readonly version: string;
  /** Called at each scrape, so it must not wait for a worker. */
  readonly figures: () => readonly FleetFigure[];
  /** The connections that are watched. Called at each scrape. */
  readonly connections: () => readonly WatchedConnection[];
  readonly residentBytes: (pid: number) => number | undefined;
  readonly losses: () => Losses;
}

export interface WatchedConnection {
  readonly connectionUri: string;
  /** How many domains libvirt does not answer about. */
  readonly unansweredDomains: number;
}

interface FigureCounter {
  readonly counter: Counter;
  /** In addition to `bmc`. */
  readonly labels: Readonly<Record<string, string>>;
}

export class Metrics implements Meter {
  readonly #registry = new Registry();
  readonly #opened = this.#counter('vbmc_sessions_opened_total', 'Sessions opened', ['bmc']);
  readonly #actions = this.#counter(
    'vbmc_domain_actions_total',
    'Finished changes of a domain (power, boot device), by outcome: done, or the kind of failure',
    ['bmc', 'outcome'],
  );
  readonly #actionSeconds = this.#histogram('vbmc_domain_action_duration_seconds', 'changes of a domain', [
    'action',
  ]);
  readonly #figureCounters = valuesByName(bmcCounters, (figure) => this.#figureCounter(figure));
  readonly #restarts = this.#counter('vbmc_worker_restarts_total', 'Workers that ended unexpectedly', [
    'bmc',
  ]);
  readonly #violations = this.#counter(
    'vbmc_channel_violations_total',
    'Workers that were killed because they had broken a rule of their channel, by rule',
    ['bmc', 'rule'],
  );
  readonly #calls = this.#counter(
    'vbmc_virsh_calls_total',
    'Calls of virsh, by outcome: ok, or the kind of failure',
    ['verb', 'outcome'],
  );
  readonly #callSeconds = this.#histogram('vbmc_virsh_call_duration_seconds', 'calls of virsh', ['verb']);
  readonly #reloads = this.#counter('vbmc_reloads_total', 'Reloads of the inventory', ['outcome']);
  readonly #internalErrors = this.#counter(
    'vbmc_internal_errors_total',
    'Bugs of vbmcd itself, which the log names',
    [],
  );
  #options: MetricsOptions;

  constructor(options: MetricsOptions) {
    this.#options = options;
    collectDefaultMetrics({ register: this.#registry });
    for (const gauge of misnamedGauges) this.#registry.removeSingleMetric(gauge);
    new Gauge({
      name: 'vbmc_build_info',
      help: 'Always 1',
      labelNames: ['version', 'node'],
      registers: [this.#registry],
    }).set({ version: options.version, node: process.version }, 1);
    this.#describeFleet();
    this.#describeLosses();
    for (const outcome of ['applied', 'rejected']) this.#reloads.inc({ outcome }, 0);
  }

  event(bmc: string, event: BmcEvent): void {
    switch (event.kind) {
      case 'sessionOpened':
        this.#opened.inc({ bmc });
        break;
      case 'domainActionFinished': {
        // The change has happened once.
        if (event.shared === true) break;
        const outcome = event.failure === undefined ? 'done' : labelOf(outcomeLabels, event.failure.kind);
        this.#actions.inc({ bmc, outcome });
        this.#actionSeconds.observe({ action: labelOf(actionLabels, event.action) }, event.durationMs / 1000);
        break;
      }
      // Rate-limited, so not all of them arrive: `counters` counts them.
      case 'sessionRefused':
      case 'loginAbandoned':
      case 'loginLockedOut':
      case 'sessionClosed':
      case 'changeNotProtected':
      case 'changeRefused':
      case 'bmcReset':
      case 'domainUnreadable':
      case 'bootOverrideUpdateFailed':
      case 'reportsLost':
        break;
      default:
        event satisfies never;
    }
  }

  virshCall(verb: string, durationMs: number, outcome: string): void {
    const label = labelOf(verbLabels, verb);
    this.#calls.inc({ verb: label, outcome: labelOf(outcomeLabels, outcome) });
    this.#callSeconds.observe({ verb: label }, durationMs / 1000);
  }

  counters(bmc: string, growth: BmcCounters): void {
    for (const name of bmcCounters) {
      const { counter, labels } = this.#figureCounters[name];
      counter.inc({ bmc, ...labels }, growth[name]);
    }
  }

  workerRestarted(bmc: string): void {
    this.#restarts.inc({ bmc });
  }

  channelViolation(bmc: string, kind: ViolationKind): void {
    this.#violations.inc({ bmc, rule: kind });
  }

  internalError(): void {
    this.#internalErrors.inc();
  }

  reloaded(outcome: 'applied' | 'rejected'): void {
    this.#reloads.inc({ outcome });
  }

  forget(bmc: string): void {
    for (const counter of [this.#opened, this.#restarts]) counter.remove({ bmc });
    for (const { counter, labels } of Object.values(this.#figureCounters)) counter.remove({ bmc, ...labels });
    for (const outcome of outcomeLabels) this.#actions.remove({ bmc, outcome });
    for (const rule of violationKinds) this.#violations.remove({ bmc, rule });
  }

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Gauges that are read at the moment of the scrape. */
  #describeFleet(): void {
    const figures = (): readonly FleetFigure[] => this.#options.figures();
    const { residentBytes } = this.#options;
    this.#gauge('vbmc_bmcs', 'BMCs of the inventory by status', ['status'], (gauge) => {
      for (const status of bmcStatuses) gauge.set({ status }, 0);
      for (const { listing } of figures()) gauge.inc({ status: listing.status });
    });
    this.#gauge('vbmc_bmc_up', '1 while the BMC answers', ['bmc'], (gauge) => {
      for (const { listing } of figures()) {
        if (listing.status !== 'stopped')
          gauge.set({ bmc: listing.name }, Number(listing.status === 'running'));
      }
    });
    for (const figure of bmcGauges) {
      const { name, help } = gaugeMetrics[figure];
      this.#gauge(name, help, ['bmc'], (gauge) => {
        for (const fleetFigure of figures())
          gauge.set({ bmc: fleetFigure.listing.name }, fleetFigure[figure]);
      });
    }
    const owed =
      'Calls of virsh by the worker that libvirt has not answered in time and still owes an answer';
    this.#gauge('vbmc_virsh_calls_unanswered', owed, ['bmc'], (gauge) => {
      for (const { listing, unansweredCalls } of figures()) gauge.set({ bmc: listing.name }, unansweredCalls);
    });
    const stuck = 'Domains of BMCs about which libvirt does not answer';
    this.#gauge('vbmc_domains_unanswered', stuck, ['connection'], (gauge) => {
      for (const { connectionUri, unansweredDomains } of this.#options.connections())
        gauge.set({ connection: connectionUri }, unansweredDomains);
    });
    const help = 'Resident memory of the worker, shared pages included';
    this.#gauge('vbmc_worker_resident_memory_bytes', help, ['bmc'], (gauge) => {
      for (const { listing } of figures()) {
        const bytes = listing.pid === null ? undefined : residentBytes(listing.pid);
        if (bytes !== undefined) gauge.set({ bmc: listing.name }, bytes);
      }
    });
  }

  #describeLosses(): void {
    const { losses } = this.#options;
    new Counter({
      name: 'vbmc_program_start_failures_total',
      help: 'Attempts of vbmcd to start a program (virsh, worker, systemd-notify) that failed',
      labelNames: ['program'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [program, count] of losses().notStarted) this.inc({ program }, count);
      },
    });
    new Counter({
      name: 'vbmc_log_lines_dropped_total',
      help: 'Lines of the log that could not be written',
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(losses().logLines);
      },
    });
  }

  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    fill: (gauge: Gauge<Label>) => void,
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
  }

  /** Figures that share a metric share its counter. */
  #figureCounter(figure: BmcCounter): FigureCounter {
    const { name, help, cause } = counterMetrics[figure];
    const labels: FigureCounter['labels'] = cause === undefined ? {} : { cause };
    const known = this.#registry.getSingleMetric(name);
    const counter =
      known instanceof Counter ? known : this.#counter(name, help, ['bmc', ...Object.keys(labels)]);
    return { counter, labels };
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    const buckets = durationBuckets;
    return new Histogram({
      name,
      help: `Duration of ${help}`,
      labelNames,
      buckets,
      registers: [this.#registry],
    });
  }
}
