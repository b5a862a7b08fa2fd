import type { Command } from '../command.ts';
import { eventMasksCodec, type SensorEventMasks } from './sensor-event-masks.ts';
import { sensorNumberCodec, type SensorNumber } from './sensor-number.ts';

/** Which events of a sensor are present. v2.0§35.13 table 35-14. Request 1 byte, response 5 bytes. */
export const getSensorEventStatus: Command<SensorNumber, SensorEventMasks> = {
  name: 'Get Sensor Event Status',
  netFn: 'sensorEvent',
  code: 0x2b,
  request: sensorNumberCodec,
  response: eventMasksCodec,
};
