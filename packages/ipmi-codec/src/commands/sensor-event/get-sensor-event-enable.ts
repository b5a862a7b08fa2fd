import type { Command } from '../command.ts';
import { eventMasksCodec, type SensorEventMasks } from './sensor-event-masks.ts';
import { sensorNumberCodec, type SensorNumber } from './sensor-number.ts';

/** Which events of a sensor are enabled. v2.0§35.11 table 35-12. Request 1 byte, response 5 bytes. */
export const getSensorEventEnable: Command<SensorNumber, SensorEventMasks> = {
  name: 'Get Sensor Event Enable',
  netFn: 'sensorEvent',
  code: 0x29,
  request: sensorNumberCodec,
  response: eventMasksCodec,
};
