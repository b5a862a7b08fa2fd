/** Metrics of vbmcd and its BMCs for Prometheus, described in docs/metrics.md. */
import {
  bmcCounters,
  valuesByName,
  type BmcCounter,
  type BmcCounters,
  type BmcEvent,
} from '@vbmc/bmc-worker/ipc';
import { violationKinds, type ViolationKind } from '../status/channel-violation.ts';
import { counterMetrics } from './figure-metrics.ts';
import { MetricRegistry, type Counter } from './metric-registry.ts';
import { actionLabels, labelOf, outcomeLabels, verbLabels } from './metric-labels.ts';
import type { Meter } from '../status/meter.ts';
import { describeSensors } from './sensor-metrics.ts';
import { describeFleet, describeLosses, type Scraped } from './scraped-metrics.ts';

export interface MetricsOptions extends Scraped {
  readonly version: string;
}

interface FigureCounter {
  readonly counter: Counter;
  /** In addition to `bmc`. */
  readonly labels: Readonly<Record<string, string>>;
}

export class Metrics implements Meter {
  readonly #registry = new MetricRegistry();
  readonly #opened = this.#registry.counter('vbmc_sessions_opened_total', 'Sessions opened', ['bmc']);
  readonly #actions = this.#registry.counter(
    'vbmc_domain_actions_total',
    'Finished changes of a domain (power, boot device), by outcome: done, or the kind of failure',
    ['bmc', 'outcome'],
  );
  readonly #actionSeconds = this.#registry.histogram(
    'vbmc_domain_action_duration_seconds',
    'changes of a domain',
    ['action'],
  );
  readonly #figureCounters = valuesByName(bmcCounters, (figure) => this.#figureCounter(figure));
  readonly #restarts = this.#registry.counter(
    'vbmc_worker_restarts_total',
    'Workers that ended unexpectedly',
    ['bmc'],
  );
  readonly #violations = this.#registry.counter(
    'vbmc_channel_violations_total',
    'Workers that were killed because they had broken a rule of their channel, by rule',
    ['bmc', 'rule'],
  );
  readonly #calls = this.#registry.counter(
    'vbmc_virsh_calls_total',
    'Calls of virsh, by outcome: ok, or the kind of failure',
    ['verb', 'outcome'],
  );
  readonly #callSeconds = this.#registry.histogram('vbmc_virsh_call_duration_seconds', 'calls of virsh', [
    'verb',
  ]);
  readonly #reloads = this.#registry.counter('vbmc_reloads_total', 'Reloads of the inventory', ['outcome']);
  readonly #internalErrors = this.#registry.counter(
    'vbmc_internal_errors_total',
    'Bugs of vbmcd itself, which the log names',
    [],
  );

  constructor({ version, ...scraped }: MetricsOptions) {
    this.#registry.gauge('vbmc_build_info', 'Always 1', ['version', 'node'], (gauge) => {
      gauge.set({ version, node: process.version }, 1);
    });
    describeFleet(this.#registry, scraped);
    describeSensors(this.#registry, scraped.figures);
    describeLosses(this.#registry, scraped);
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
      case 'watchdogExpired':
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
    return this.#registry.text();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Figures that share a metric share its counter. */
  #figureCounter(figure: BmcCounter): FigureCounter {
    const { name, help, cause } = counterMetrics[figure];
    const labels: FigureCounter['labels'] = cause === undefined ? {} : { cause };
    const counter = this.#registry.sharedCounter(name, help, ['bmc', ...Object.keys(labels)]);
    return { counter, labels };
  }
}
