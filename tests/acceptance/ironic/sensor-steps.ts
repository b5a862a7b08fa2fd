/** Ironic's collection of sensor data: `sdr -v` at each interval, taken apart by its own parser, sent as a notification. */
import { waitFor } from '#support/wait-for.ts';
import { SENSOR_INTERVAL_SECONDS } from '#lab/ironic/configuration.ts';
import type { NodeUnderTest } from './node-under-test.ts';
import type { Step } from './step.ts';

/** Ironic groups sensors by the first word of their type as ipmitool prints it, and adds their number to their name. */
const expected: readonly (readonly [group: string, sensor: RegExp])[] = [
  ['System', /^Power State/],
  ['Watchdog2', /^Watchdog/],
  ['Other', /^CPU Usage/],
  ['OS', /^OS Stop/],
  ['Event', /^SEL/],
  ['Drive', /^Disks/],
];

interface SensorNotification {
  readonly event_type: string;
  readonly payload: {
    readonly node_uuid: string;
    readonly payload: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  };
}

export const sensors: Step = { name: 'sensors', needs: 'manage', run: collect };

async function collect(node: NodeUnderTest): Promise<string> {
  await node.forcePower('on');
  const { uuid } = await node.settled();
  const since = node.log.position();
  // The first collection may be older than the start; the use of the processors is the difference of two answers.
  const sent = await waitFor(
    "Ironic's notification with a reading of CPU Usage",
    () => {
      const text = node.log.text(since);
      const [failure] = /During get_sensors_data, could not[^\n]*/.exec(text) ?? [];
      if (failure !== undefined) throw new Error(failure);
      return notifications(text, uuid).findLast(
        ({ payload }) => reading(payload.payload, 'CPU Usage') !== undefined,
      );
    },
    { timeoutMs: 4 * SENSOR_INTERVAL_SECONDS * 1_000, intervalMs: 1_000 },
  );
  const groups = sent.payload.payload;
  for (const [group, sensor] of expected)
    if (!Object.keys(groups[group] ?? {}).some((name) => sensor.test(name)))
      throw new Error(`no ${String(sensor)} in ${group}: ${JSON.stringify(groups)}`);
  const count = Object.values(groups).reduce((sum, group) => sum + Object.keys(group).length, 0);
  const cpu = reading(groups, 'CPU Usage') ?? '';
  return `${sent.event_type}: ${count} sensors in ${Object.keys(groups).length} groups, CPU Usage ${cpu}`;
}

function notifications(text: string, uuid: string): readonly SensorNotification[] {
  return [...text.matchAll(/oslo\.messaging\.notification\.hardware\.ipmi\.metrics .*?(\{.*\})$/gm)]
    .map(([, json = '']) => JSON.parse(json) as SensorNotification)
    .filter(({ payload }) => payload.node_uuid === uuid);
}

/** Of a sensor with a number for a reading. */
function reading(groups: SensorNotification['payload']['payload'], name: string): string | undefined {
  for (const group of Object.values(groups))
    for (const [sensor, fields] of Object.entries(group))
      if (sensor.startsWith(name)) return /^\d.*/.exec(fields['Sensor Reading'] ?? '')?.[0];
  return undefined;
}
