import { getDcmiSensorInfo, getTemperatureReadings } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineDcmiHandler } from './define-dcmi-handler.ts';

/** A virtual machine has no temperature. */
const none = respond({ total: 0, entries: [] });

export const getDcmiSensorInfoHandler = defineDcmiHandler({
  command: getDcmiSensorInfo,
  privilege: 'user',
  handle: () => none,
});
export const getTemperatureReadingsHandler = defineDcmiHandler({
  command: getTemperatureReadings,
  privilege: 'user',
  handle: () => none,
});
