import { getSensorEventEnable } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { sensors } from './sensors.ts';

/** All events of the record: none can be disabled. */
export const getSensorEventEnableHandler = defineHandler({
  command: getSensorEventEnable,
  privilege: 'user',
  handle: ({ sensorNumber }) => {
    const sensor = sensors.get(sensorNumber);
    if (sensor === undefined) return refuse('requestedDataNotPresent');
    const { assertion, deassertion } = sensor;
    return respond({ sendsEvents: true, isScanned: true, isUnavailable: false, assertion, deassertion });
  },
});
