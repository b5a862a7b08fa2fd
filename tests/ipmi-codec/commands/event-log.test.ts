import fc from 'fast-check';
import {
  addSelEntry,
  clearSel,
  DecodeError,
  deleteSelEntry,
  getLastProcessedEventId,
  getPohCounter,
  getSelAllocationInfo,
  getSelEntry,
  getSelInfo,
  getSelTime,
  getSelTimeUtcOffset,
  getSystemRestartCause,
  platformEvent,
  reserveSel,
  setSelTime,
  setSelTimeUtcOffset,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { both, none } from '#support/command-properties.ts';
import { describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const u16 = any.bits(16);
const recordId = fc.record({ recordId: u16 });
const time = fc.record({ time: any.u32 });
const offset = fc.record({ minutes: fc.integer({ min: -0x8000, max: 0x7fff }) });

describeDecoders([
  ...both(
    getSelInfo,
    none,
    fc.record({
      version: any.byte,
      recordCount: u16,
      freeBytes: u16,
      lastAddition: any.u32,
      lastErase: any.u32,
      operations: any.byte,
    }),
  ),
  ...both(
    getSelAllocationInfo,
    none,
    fc.record({ units: u16, unitSize: u16, freeUnits: u16, largestFreeBlock: u16, largestRecord: any.byte }),
  ),
  ...both(reserveSel, none, fc.record({ reservationId: u16 })),
  ...both(
    getSelEntry,
    fc.record({ reservationId: u16, recordId: u16, offset: any.byte, count: any.byte }),
    fc.record({ nextRecordId: u16, bytes: any.bytesUpTo(16) }),
    { response: 2 },
  ),
  ...both(addSelEntry, fc.record({ record: any.bytes(16) }), recordId),
  ...both(deleteSelEntry, fc.record({ reservationId: u16, recordId: u16 }), recordId),
  ...both(
    clearSel,
    fc.record({ reservationId: u16, action: fc.constantFrom('initiate' as const, 'getStatus' as const) }),
    fc.record({ progress: any.bits(4) }),
  ),
  ...both(getSelTime, none, time),
  ...both(setSelTime, time, none),
  ...both(getSelTimeUtcOffset, none, offset),
  ...both(setSelTimeUtcOffset, offset, none),
  ...both(
    platformEvent,
    fc.record({
      messageRevision: any.byte,
      sensorType: any.byte,
      sensorNumber: any.byte,
      eventType: any.byte,
      eventData: any.bytes(3),
    }),
    none,
    { request: 5 },
  ),
  ...both(
    getLastProcessedEventId,
    none,
    fc.record({
      lastAddition: any.u32,
      lastRecordId: u16,
      lastSoftwareProcessed: u16,
      lastBmcProcessed: u16,
    }),
  ),
  ...both(getSystemRestartCause, none, fc.record({ cause: any.bits(4), channel: any.byte })),
  ...both(getPohCounter, none, fc.record({ minutesPerCount: any.byte, count: any.u32 })),
]);

// As ipmitool sends `sel clear`: 'CLR', AAh, then 00h.
test('Clear SEL wants its signature', () => {
  expect(clearSel.request.decode(fromHex('0100434c52aa'))).toEqual({ reservationId: 1, action: 'initiate' });
  expect(clearSel.request.decode(fromHex('0100434c5200'))).toEqual({ reservationId: 1, action: 'getStatus' });
  for (const hex of ['0100434c53aa', '0100434c5201'])
    expect(() => clearSel.request.decode(fromHex(hex))).toThrow(DecodeError);
});

// v2.0§29.3: event data that are not sent are FFh.
test('Platform Event of 5 bytes', () => {
  const event = platformEvent.request.decode(fromHex('0401300159'));
  expect(toHex(event.eventData)).toBe('59ffff');
});

test('SEL Time UTC Offset has a sign', () => {
  expect(getSelTimeUtcOffset.response.decode(fromHex('c4ff'))).toEqual({ minutes: -60 });
  expect(toHex(getSelTimeUtcOffset.response.encode({ minutes: 0x7ff }))).toBe('ff07');
});
