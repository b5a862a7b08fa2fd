/** Metrics of the sensors of BMCs, made of what the domain watch knows. A sensor without a reading has no series. */
import type { FleetFigure } from '../fleet/fleet-answers.ts';
import type { Sensed } from '../status/sensed.ts';
import type { MetricRegistry } from './metric-registry.ts';

interface SensorMetric {
  readonly name: string;
  readonly help: string;
  readonly value: (sensed: Sensed) => number | undefined;
}

const sensorMetrics: readonly SensorMetric[] = [
  {
    name: 'vbmc_sensor_cpu_usage_ratio',
    help: 'How much of its virtual processors the running domain uses: 1 is all of them',
    value: ({ cpuPercent }) => (cpuPercent === undefined ? undefined : cpuPercent / 100),
  },
  {
    name: 'vbmc_sensor_os_panicked',
    help: '1 from a panic of the guest until its next boot',
    value: ({ domainState, hasPanicked }) =>
      domainState === undefined ? undefined : Number(domainState === 'crashed' || hasPanicked === true),
  },
  {
    name: 'vbmc_sensor_disk_fault',
    help: '1 while the domain stands still because a disk cannot be read or written',
    value: ({ domainState }) => (domainState === undefined ? undefined : Number(domainState === 'ioError')),
  },
];

export function describeSensors(registry: MetricRegistry, figures: () => readonly FleetFigure[]): void {
  registry.gauge(
    'vbmc_sensor_domain_state',
    "1, with the state of the BMC's domain",
    ['bmc', 'state'],
    (gauge) => {
      for (const { listing, sensed } of figures())
        if (sensed.domainState !== undefined) gauge.set({ bmc: listing.name, state: sensed.domainState }, 1);
    },
  );
  for (const { name, help, value } of sensorMetrics) {
    registry.gauge(name, help, ['bmc'], (gauge) => {
      for (const { listing, sensed } of figures()) {
        const now = value(sensed);
        if (now !== undefined) gauge.set({ bmc: listing.name }, now);
      }
    });
  }
}
