import type { Command } from '../command.ts';
import { recordPart, recordPartRequest, type RecordPart, type RecordPartRequest } from './record-part.ts';

/** v2.0§31.5 table 31-5. Request 6 bytes, response 2 to 18 bytes. */
export const getSelEntry: Command<RecordPartRequest, RecordPart> = {
  name: 'Get SEL Entry',
  netFn: 'storage',
  code: 0x43,
  request: recordPartRequest,
  response: recordPart,
};
