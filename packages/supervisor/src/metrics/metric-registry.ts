/** The only importer of prom-client: makes metrics, and writes them in the text format of Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram };

/** In seconds: reading a state takes some 20 ms, a power cycle seconds, and a call fails after 20 s. */
const durationBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

/** prom-client's sums of other gauges: only counters may have such names (`promtool check metrics`). */
const misnamedGauges = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

export class MetricRegistry {
  readonly #registry = new Registry();

  /** With prom-client's metrics of this process. */
  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const gauge of misnamedGauges) this.#registry.removeSingleMetric(gauge);
  }

  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  /** The counter of that name, made at the first call. */
  sharedCounter(name: string, help: string, labelNames: string[]): Counter {
    const known = this.#registry.getSingleMetric(name);
    return known instanceof Counter ? known : this.counter(name, help, labelNames);
  }

  histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    const buckets = durationBuckets;
    return new Histogram({
      name,
      help: `Duration of ${help}`,
      labelNames,
      buckets,
      registers: [this.#registry],
    });
  }

  /** A gauge that is filled at the moment of each scrape. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    fill: (gauge: Gauge<Label>) => void,
  ): void {
    new Gauge(this.#filledAtScrape<Label, Gauge<Label>>({ name, help, labelNames }, fill));
  }

  /** A counter that something else has counted, read at the moment of each scrape. */
  countedElsewhere<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    fill: (counter: Counter<Label>) => void,
  ): void {
    new Counter(this.#filledAtScrape<Label, Counter<Label>>({ name, help, labelNames }, fill));
  }

  #filledAtScrape<Label extends string, Metric extends { reset(): void }>(
    described: { readonly name: string; readonly help: string; readonly labelNames: Label[] },
    fill: (metric: Metric) => void,
  ) {
    return {
      ...described,
      registers: [this.#registry],
      // prom-client calls it with the metric as `this`.
      collect(this: Metric) {
        this.reset();
        fill(this);
      },
    };
  }
}
