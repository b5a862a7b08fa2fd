import { getSensorHysteresis } from '@vbmc/ipmi-codec';
import { defineHandler } from '../handler.ts';
import { ofThresholdSensor } from './threshold-sensor.ts';

/** None, as there are no thresholds. */
export const getSensorHysteresisHandler = defineHandler({
  command: getSensorHysteresis,
  privilege: 'user',
  handle: ({ sensorNumber }) => ofThresholdSensor(sensorNumber, { positive: 0, negative: 0 }),
});
