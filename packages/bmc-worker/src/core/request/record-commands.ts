import {
  getFruInventoryAreaInfoHandler,
  readFruDataHandler,
  writeFruDataHandler,
} from './commands/storage/fru.ts';
import type { CommandHandler } from './commands/handler.ts';
import { getEventReceiverHandler } from './commands/sensor-event/get-event-receiver.ts';
import { getSensorEventEnableHandler } from './commands/sensor-event/get-sensor-event-enable.ts';
import { getSensorEventStatusHandler } from './commands/sensor-event/get-sensor-event-status.ts';
import { getSensorHysteresisHandler } from './commands/sensor-event/get-sensor-hysteresis.ts';
import { getSensorReadingHandler } from './commands/sensor-event/get-sensor-reading.ts';
import { getSensorThresholdsHandler } from './commands/sensor-event/get-sensor-thresholds.ts';
import { getSensorTypeHandler } from './commands/sensor-event/get-sensor-type.ts';
import { getSdrHandler } from './commands/storage/get-sdr.ts';
import { reserveSdrRepositoryHandler } from './commands/storage/reserve-sdr-repository.ts';
import { getSdrRepositoryInfoHandler } from './commands/storage/get-sdr-repository-info.ts';
import { getSdrRepositoryTimeHandler } from './commands/storage/get-sdr-repository-time.ts';
import { addSelEntryHandler } from './commands/storage/add-sel-entry.ts';
import { clearSelHandler } from './commands/storage/clear-sel.ts';
import { deleteSelEntryHandler } from './commands/storage/delete-sel-entry.ts';
import { getSelAllocationInfoHandler } from './commands/storage/get-sel-allocation-info.ts';
import { getSelEntryHandler } from './commands/storage/get-sel-entry.ts';
import { getSelInfoHandler } from './commands/storage/get-sel-info.ts';
import { reserveSelHandler } from './commands/storage/reserve-sel.ts';
import { getSelTimeHandler, setSelTimeHandler } from './commands/storage/sel-time.ts';
import {
  getSelTimeUtcOffsetHandler,
  setSelTimeUtcOffsetHandler,
} from './commands/storage/sel-time-utc-offset.ts';
import { getLastProcessedEventIdHandler } from './commands/sensor-event/get-last-processed-event-id.ts';
import { platformEventHandler } from './commands/sensor-event/platform-event.ts';

/** Sensors, their records, the event log and the inventory. */
export const recordCommands: readonly CommandHandler[] = [
  getFruInventoryAreaInfoHandler,
  readFruDataHandler,
  writeFruDataHandler,
  getSdrRepositoryInfoHandler,
  getSdrRepositoryTimeHandler,
  getEventReceiverHandler,
  getSensorEventEnableHandler,
  getSensorEventStatusHandler,
  getSensorHysteresisHandler,
  getSensorReadingHandler,
  getSensorThresholdsHandler,
  getSensorTypeHandler,
  getSdrHandler,
  reserveSdrRepositoryHandler,
  addSelEntryHandler,
  clearSelHandler,
  deleteSelEntryHandler,
  getSelAllocationInfoHandler,
  getSelEntryHandler,
  getSelInfoHandler,
  reserveSelHandler,
  getSelTimeHandler,
  setSelTimeHandler,
  getSelTimeUtcOffsetHandler,
  setSelTimeUtcOffsetHandler,
  getLastProcessedEventIdHandler,
  platformEventHandler,
];
