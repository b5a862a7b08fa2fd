import { getSensorType } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { sensors } from './sensors.ts';

export const getSensorTypeHandler = defineHandler({
  command: getSensorType,
  privilege: 'user',
  handle: ({ sensorNumber }) => {
    const sensor = sensors.get(sensorNumber);
    if (sensor === undefined) return refuse('requestedDataNotPresent');
    return respond({ sensorType: sensor.sensorType, readingType: sensor.readingType });
  },
});
