import type { CommandHandler } from './commands/handler.ts';
import { getSdrRepositoryInfoHandler } from './commands/storage/get-sdr-repository-info.ts';
import { getSdrRepositoryTimeHandler } from './commands/storage/get-sdr-repository-time.ts';

/** Sensors, their records, the event log and the inventory. */
export const recordCommands: readonly CommandHandler[] = [
  getSdrRepositoryInfoHandler,
  getSdrRepositoryTimeHandler,
];
