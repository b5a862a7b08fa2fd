import { getSdrRepositoryInfo } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { SDR_CHANGED_AT, sdrRecords } from './sdr-records.ts';

const SDR_VERSION = 0x51;
const UNSPECIFIED = 0xffff;
/** Not modal; Reserve SDR Repository is supported, changes are not. */
const OPERATIONS = 0x22;

export const getSdrRepositoryInfoHandler = defineHandler({
  command: getSdrRepositoryInfo,
  privilege: 'user',
  handle: () =>
    respond({
      version: SDR_VERSION,
      recordCount: sdrRecords.length,
      freeBytes: UNSPECIFIED,
      lastAddition: SDR_CHANGED_AT,
      lastErase: SDR_CHANGED_AT,
      operations: OPERATIONS,
    }),
});
