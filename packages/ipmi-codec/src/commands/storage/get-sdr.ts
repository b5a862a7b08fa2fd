import type { Command } from '../command.ts';
import { recordPart, recordPartRequest, type RecordPart, type RecordPartRequest } from './record-part.ts';

/** v2.0§33.12 table 33-6. Request 6 bytes, response 2 bytes and those of the record. */
export const getSdr: Command<RecordPartRequest, RecordPart> = {
  name: 'Get SDR',
  netFn: 'storage',
  code: 0x23,
  request: recordPartRequest,
  response: recordPart,
};
