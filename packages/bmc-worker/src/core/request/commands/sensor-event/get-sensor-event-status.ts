import { getSensorEventStatus } from '@vbmc/ipmi-codec';
import { defineHandler } from '../handler.ts';
import { afterSensing } from './sense.ts';

/** The states that hold now. Sensors with thresholds have no events. */
export const getSensorEventStatusHandler = defineHandler({
  command: getSensorEventStatus,
  privilege: 'user',
  handle: ({ sensorNumber }, bmc, context) =>
    afterSensing(sensorNumber, bmc, context, (sensed) => ({
      sendsEvents: true,
      isScanned: true,
      isUnavailable: sensed === undefined,
      assertion: sensed !== undefined && 'states' in sensed ? sensed.states : 0,
      deassertion: 0,
    })),
});
