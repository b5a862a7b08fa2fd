import fc from 'fast-check';
import {
  chassisIdentify,
  getAcpiPowerState,
  getSdrRepositoryInfo,
  getSdrRepositoryTime,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { both, none } from '#support/command-properties.ts';
import { describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

describeDecoders([
  ...both(chassisIdentify, fc.record({ seconds: any.byte, forced: fc.boolean() }), none, { request: 0 }),
  ...both(getAcpiPowerState, none, fc.record({ system: any.byte, device: any.byte })),
  ...both(
    getSdrRepositoryInfo,
    none,
    fc.record({
      version: any.byte,
      recordCount: any.bits(16),
      freeBytes: any.bits(16),
      lastAddition: any.u32,
      lastErase: any.u32,
      operations: any.byte,
    }),
  ),
  ...both(getSdrRepositoryTime, none, fc.record({ time: any.u32 })),
]);

// As ipmitool sends `chassis identify`, `identify 30`, `identify force`, and as v2.0§28.5 says of the missing byte.
test.each([
  ['', { seconds: 15, forced: false }],
  ['1e', { seconds: 30, forced: false }],
  ['0f01', { seconds: 15, forced: true }],
  ['00', { seconds: 0, forced: false }],
])('Chassis Identify %s', (hex, value) => {
  expect(chassisIdentify.request.decode(fromHex(hex))).toEqual(value);
});

test('Get SDR Repository Info', () => {
  const info = {
    version: 0x51,
    recordCount: 13,
    freeBytes: 0xffff,
    lastAddition: 0x0403_0201,
    lastErase: 1,
    operations: 0x22,
  };
  expect(toHex(getSdrRepositoryInfo.response.encode(info))).toBe('510d00ffff010203040100000022');
});
