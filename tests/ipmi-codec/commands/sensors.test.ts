import fc from 'fast-check';
import {
  getEventReceiver,
  getSdr,
  getSensorEventEnable,
  getSensorEventStatus,
  getSensorHysteresis,
  getSensorReading,
  getSensorThresholds,
  getSensorType,
  reserveSdrRepository,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { both, none } from '#support/command-properties.ts';
import { describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const sensor = fc.record({ sensorNumber: any.byte });
const activity = { sendsEvents: fc.boolean(), isScanned: fc.boolean(), isUnavailable: fc.boolean() };
const masks = fc.record({ ...activity, assertion: any.bits(16), deassertion: any.bits(16) });

describeDecoders([
  ...both(
    getSensorReading,
    sensor,
    fc.record(
      { ...activity, reading: any.byte, states: any.byte, moreStates: any.byte },
      { requiredKeys: ['sendsEvents', 'isScanned', 'isUnavailable', 'reading', 'states'] },
    ),
    { response: 3 },
  ),
  ...both(
    getSensorThresholds,
    sensor,
    fc.record({ readable: any.byte, thresholds: fc.uint8Array({ minLength: 6, maxLength: 6 }) }),
  ),
  ...both(getSensorHysteresis, sensor, fc.record({ positive: any.byte, negative: any.byte })),
  ...both(getSensorEventEnable, sensor, masks),
  ...both(getSensorEventStatus, sensor, masks),
  ...both(getSensorType, sensor, fc.record({ sensorType: any.byte, readingType: any.bits(7) })),
  ...both(getEventReceiver, none, fc.record({ slaveAddress: any.byte, lun: any.bits(2) })),
  ...both(reserveSdrRepository, none, fc.record({ reservationId: any.bits(16) })),
  ...both(
    getSdr,
    fc.record({
      reservationId: any.bits(16),
      recordId: any.bits(16),
      offset: any.byte,
      count: any.byte,
    }),
    fc.record({ nextRecordId: any.bits(16), bytes: fc.uint8Array({ maxLength: 64 }) }),
    { response: 2 },
  ),
]);

// As ipmitool 1.8.19 asks for the header of the first record in `sdr elist`.
test('Get SDR', () => {
  expect(getSdr.request.decode(fromHex('010000000005'))).toEqual({
    reservationId: 1,
    recordId: 0,
    offset: 0,
    count: 5,
  });
  const part = { nextRecordId: 2, bytes: fromHex('010051120e') };
  expect(toHex(getSdr.response.encode(part))).toBe('0200010051120e');
});

test.each([
  ['00c00180', { reading: 0, isUnavailable: false, states: 0x01, moreStates: 0x80 }],
  ['25c0c0', { reading: 37, isUnavailable: false, states: 0xc0 }],
  ['00e00080', { reading: 0, isUnavailable: true, states: 0, moreStates: 0x80 }],
])('Get Sensor Reading %s', (hex, value) => {
  const reading = { sendsEvents: true, isScanned: true, ...value };
  expect(getSensorReading.response.decode(fromHex(hex))).toEqual(reading);
  expect(toHex(getSensorReading.response.encode(reading))).toBe(hex);
});
