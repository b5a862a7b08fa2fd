import { getSensorThresholds } from '@vbmc/ipmi-codec';
import { defineHandler } from '../handler.ts';
import { ofThresholdSensor } from './threshold-sensor.ts';

const THRESHOLDS = 6;

/** No threshold is set: what is much of a domain's processors is for others to judge. */
export const getSensorThresholdsHandler = defineHandler({
  command: getSensorThresholds,
  privilege: 'user',
  handle: ({ sensorNumber }) =>
    ofThresholdSensor(sensorNumber, { readable: 0, thresholds: new Uint8Array(THRESHOLDS) }),
});
