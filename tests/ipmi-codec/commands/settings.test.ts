import fc from 'fast-check';
import {
  getAssetTag,
  getDcmiCapabilitiesInfo,
  getDcmiSensorInfo,
  getFruInventoryAreaInfo,
  getLanConfigurationParameters,
  getManagementControllerIdentifierString,
  getPefCapabilities,
  getPefConfigurationParameters,
  getSystemInfoParameters,
  getTemperatureReadings,
  readFruData,
  setAssetTag,
  setChannelAccess,
  setChannelSecurityKeys,
  setLanConfigurationParameters,
  setManagementControllerIdentifierString,
  setSystemInfoParameters,
  writeFruData,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { both, none } from '#support/command-properties.ts';
import { attempt, describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const parameter = fc.record({ revision: any.byte, parameterData: any.bytesUpTo(32) });
const selectors = { setSelector: any.byte, blockSelector: any.byte };
const textPart = fc.record({ offset: any.byte, length: any.byte });
const textRead = fc.record({ totalLength: any.byte, bytes: any.bytesUpTo(16) });
const textWrite = fc
  .record({ offset: any.byte, bytes: any.bytesUpTo(16) })
  .map(({ offset, bytes }) => ({ offset, length: bytes.length, bytes }));
const textWritten = fc.record({ totalLength: any.byte });
const sensors = fc.record({
  sensorType: any.byte,
  entityId: any.byte,
  entityInstance: any.byte,
  firstInstance: any.byte,
});
const found = fc.record({ total: any.byte, entries: fc.array(any.bits(16), { maxLength: 8 }) });

describeDecoders([
  ...both(
    getLanConfigurationParameters,
    fc.record({
      channelNumber: any.bits(4),
      revisionOnly: fc.boolean(),
      parameterSelector: any.byte,
      ...selectors,
    }),
    parameter,
    { response: 1 },
  ),
  ...both(
    setLanConfigurationParameters,
    fc.record({
      channelNumber: any.bits(4),
      parameterSelector: any.byte,
      parameterData: any.bytesUpTo(32),
    }),
    none,
    { request: 2 },
  ),
  ...both(
    getPefCapabilities,
    none,
    fc.record({ version: any.byte, actions: any.byte, eventFilterCount: any.byte }),
  ),
  ...both(
    getPefConfigurationParameters,
    fc.record({ revisionOnly: fc.boolean(), parameterSelector: any.bits(7), ...selectors }),
    parameter,
    { response: 1 },
  ),
  ...both(
    getSystemInfoParameters,
    fc.record({ revisionOnly: fc.boolean(), parameterSelector: any.byte, ...selectors }),
    parameter,
    { response: 1 },
  ),
  ...both(
    setSystemInfoParameters,
    fc.record({ parameterSelector: any.bits(7), parameterData: any.bytesUpTo(17) }),
    none,
    { request: 1 },
  ),
  ...both(
    setChannelAccess,
    fc.record({
      channelNumber: any.bits(4),
      accessChange: any.bits(2),
      pefAlertingDisabled: fc.boolean(),
      perMessageAuthenticationDisabled: fc.boolean(),
      userLevelAuthenticationDisabled: fc.boolean(),
      accessMode: any.bits(3),
      limitChange: any.bits(2),
      privilegeLimit: any.bits(4),
    }),
    none,
  ),
  ...both(
    setChannelSecurityKeys,
    fc.record({
      channelNumber: any.bits(4),
      operation: any.bits(2),
      keyId: any.byte,
      key: any.bytesUpTo(20),
    }),
    fc.record({ lock: any.bits(2), key: any.bytesUpTo(20) }),
    { request: 3, response: 1 },
  ),
  ...both(
    getFruInventoryAreaInfo,
    fc.record({ fruDeviceId: any.byte }),
    fc.record({ size: any.bits(16), accessedByWords: fc.boolean() }),
  ),
  ...both(
    readFruData,
    fc.record({ fruDeviceId: any.byte, offset: any.bits(16), count: any.byte }),
    fc.record({ bytes: any.bytesUpTo(240) }),
  ),
  ...both(
    writeFruData,
    fc.record({ fruDeviceId: any.byte, offset: any.bits(16), bytes: any.bytesUpTo(32) }),
    fc.record({ count: any.byte }),
    { request: 3 },
  ),
  ...both(
    getDcmiCapabilitiesInfo,
    fc.record({ parameterSelector: any.byte }),
    fc.record({
      majorVersion: any.byte,
      minorVersion: any.byte,
      parameterRevision: any.byte,
      parameterData: any.bytesUpTo(5),
    }),
    { response: 4 },
  ),
  ...both(getAssetTag, textPart, textRead, { response: 2 }),
  ...both(setAssetTag, textWrite, textWritten),
  ...both(getManagementControllerIdentifierString, textPart, textRead, { response: 2 }),
  ...both(setManagementControllerIdentifierString, textWrite, textWritten),
  ...both(getDcmiSensorInfo, sensors, found),
  ...both(getTemperatureReadings, sensors, found),
]);

// As ipmitool 1.8.19 sends `lan print 1` and `lan set 1 access on`, freeipmi 1.6.10 its PEF and DCMI requests (device.md §2).
test('requests of real clients', () => {
  expect(getLanConfigurationParameters.request.decode(fromHex('01030000'))).toEqual({
    ...{ channelNumber: 1, revisionOnly: false, parameterSelector: 3, setSelector: 0, blockSelector: 0 },
  });
  expect(setChannelAccess.request.decode(fromHex('016244'))).toEqual({
    ...{ channelNumber: 1, accessChange: 1, accessMode: 2, limitChange: 1, privilegeLimit: 4 },
    ...{ pefAlertingDisabled: true, perMessageAuthenticationDisabled: false },
    userLevelAuthenticationDisabled: false,
  });
  expect(getDcmiCapabilitiesInfo.request.decode(fromHex('dc01'))).toEqual({ parameterSelector: 1 });
  expect(readFruData.request.decode(fromHex('00200010'))).toEqual({
    ...{ fruDeviceId: 0, offset: 0x20, count: 16 },
  });
});

test('a DCMI answer has exactly the bytes that freeipmi takes', () => {
  const version = { majorVersion: 1, minorVersion: 5, parameterRevision: 2 };
  const answer = { ...version, parameterData: Uint8Array.of(1, 0xff, 0xff) };
  expect(toHex(getDcmiCapabilitiesInfo.response.encode(answer))).toBe('dc01050201ffff');
});

test.each([getAssetTag, getDcmiCapabilitiesInfo, getDcmiSensorInfo])(
  '$name takes no request of PICMG or VITA',
  (command) => {
    const request = Uint8Array.of(0, 1, 0, 0, 0);
    expect(attempt(() => command.request.decode(request))).toMatchObject({
      error: { reason: 'invalidField' },
    });
  },
);
