import type { BmcDevice } from '../../../domain/bmc-device.ts';
import type { DomainState } from '../../../terms/domain-action.ts';
import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import type { SensorFacts } from '../../../terms/sensor-facts.ts';
import { afterAnswer, type Bmc, type HandlerResult, type RequestContext } from '../handler.ts';
import { sensors, type Sensed, type Sensor } from './sensors.ts';

/** A client reads all sensors in a row: one answer of the supervisor does for so long. */
const KEPT_MS = 250;

interface Kept {
  readonly facts: SensorFacts;
  readonly at: number;
  /** What the domain was then: after a change the facts are others. */
  readonly domain: string;
}

/** What the supervisor has last told about the domain of each BMC. */
const kept = new WeakMap<BmcDevice, Kept>();

function stateOf({ device }: Bmc, now: number): DomainState | undefined {
  return device.domain.recall(now)?.state;
}

function endOf({ end }: SensorFacts): SensorFacts {
  return end === undefined ? {} : { end };
}

function domainOf(bmc: Bmc, now: number): string {
  const { news, powerOffs } = bmc.device;
  return `${stateOf(bmc, now) ?? ''} ${news.countAt(now)} ${powerOffs}`;
}

/**
 * The result of a command that needs what a sensor senses. CBh: there is no such sensor, or it has events only. The supervisor is not
 * asked for what the domain's state alone tells. What it does not tell in time is no reading, because clients take a refusal for a
 * fault of the BMC; but how the domain has ended is the same as long as that is off.
 */
export function afterSensing<Response>(
  sensorNumber: number,
  bmc: Bmc,
  { now }: RequestContext,
  answer: (sensed: Sensed, sensor: Sensor) => Response,
): HandlerResult<Response> {
  const sensor = sensors.get(sensorNumber);
  const sense = sensor?.sense;
  if (sensor === undefined || sense === undefined) return refuse('requestedDataNotPresent');
  const state = stateOf(bmc, now);
  const conclude = (facts: SensorFacts | undefined): ImmediateResult<Response> =>
    respond(answer(sense({ state, facts }), sensor));
  const bare = sense({ state, facts: undefined });
  if (bare !== undefined) return respond(answer(bare, sensor));
  const domain = domainOf(bmc, now);
  const last = kept.get(bmc.device);
  if (last !== undefined && now - last.at < KEPT_MS && last.domain === domain) return conclude(last.facts);
  return afterAnswer(
    { kind: 'readSensors' },
    (facts) => {
      kept.set(bmc.device, { facts, at: now, domain });
      return conclude(facts);
    },
    () => conclude(last?.domain === domain ? endOf(last.facts) : undefined),
  );
}
