import { refuse, respond, type ImmediateResult } from '../../../terms/result.ts';
import { sensors, type Sensor } from './sensors.ts';

/** The event and reading type of sensors with thresholds (table 42-1). */
const THRESHOLD = 0x01;

export function hasThresholds({ readingType }: Sensor): boolean {
  return readingType === THRESHOLD;
}

/** For commands about thresholds. CBh: no such sensor; CDh: a sensor that has none. */
export function ofThresholdSensor<Response>(
  sensorNumber: number,
  response: Response,
): ImmediateResult<Response> {
  const sensor = sensors.get(sensorNumber);
  if (sensor === undefined) return refuse('requestedDataNotPresent');
  return hasThresholds(sensor) ? respond(response) : refuse('illegalCommandForRecordType');
}
