import { getSelInfo } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { fromLog } from './known-event-log.ts';
import { SEL_RECORD_BYTES } from './sel-records.ts';

const SEL_VERSION = 0x51;
const NEVER = 0xffffffff;
const AS_MUCH_OR_MORE = 0xffff;
/** Delete, reserve and allocation info are supported, partial add is not. */
const OPERATIONS = 0x0b;
const OVERFLOW = 0x80;

export const getSelInfoHandler = defineHandler({
  command: getSelInfo,
  privilege: 'user',
  handle: (_, { device }, { now }) =>
    fromLog(device, now, ({ entries, capacity, hasOverflowed, lastAddition, lastErase }) =>
      respond({
        version: SEL_VERSION,
        recordCount: entries.length,
        freeBytes: Math.min(AS_MUCH_OR_MORE, Math.max(0, capacity - entries.length) * SEL_RECORD_BYTES),
        lastAddition: lastAddition ?? NEVER,
        lastErase: lastErase ?? NEVER,
        operations: OPERATIONS | (hasOverflowed ? OVERFLOW : 0),
      }),
    ),
});
