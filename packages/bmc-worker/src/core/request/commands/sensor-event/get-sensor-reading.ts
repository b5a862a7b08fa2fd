import { getSensorReading, type SensorReading } from '@vbmc/ipmi-codec';
import { defineHandler } from '../handler.ts';
import { afterSensing } from './sense.ts';
import type { Sensed } from './sensors.ts';
import { hasThresholds } from './threshold-sensor.ts';

/** Reserved bits that are 1: of the comparison with thresholds, and of the states 14 to 8. */
const COMPARISON = 0xc0;
const MORE_STATES = 0x80;

function readingOf(sensed: Sensed, isThreshold: boolean): SensorReading {
  const activity = { sendsEvents: true, isScanned: true, isUnavailable: sensed === undefined };
  const percent = sensed !== undefined && 'percent' in sensed ? sensed.percent : 0;
  if (isThreshold) return { ...activity, reading: percent, states: COMPARISON };
  const states = sensed !== undefined && 'states' in sensed ? sensed.states : 0;
  return { ...activity, reading: 0, states: states & 0xff, moreStates: MORE_STATES | (states >> 8) };
}

export const getSensorReadingHandler = defineHandler({
  command: getSensorReading,
  privilege: 'user',
  handle: ({ sensorNumber }, bmc, context) =>
    afterSensing(sensorNumber, bmc, context, (sensed, sensor) => readingOf(sensed, hasThresholds(sensor))),
});
