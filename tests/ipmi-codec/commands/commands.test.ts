import fc from 'fast-check';
import {
  activateSession,
  bootFlagsParameter,
  chassisControlCommand,
  closeSession,
  coldReset,
  getChannelAccess,
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getChannelInfo,
  getChassisCapabilities,
  getChassisStatus,
  getDeviceGuid,
  getDeviceId,
  getSelfTestResults,
  getSessionChallenge,
  getSessionInfo,
  getSystemBootOptions,
  getSystemGuid,
  getUserAccess,
  getUserName,
  powerRestorePolicy,
  setPowerRestorePolicy,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  warmReset,
  type PowerRestorePolicy,
} from '@vbmc/ipmi-codec';
import { allCommands } from '#support/all-commands.ts';
import * as any from '#support/arbitraries.ts';
import { both, data, none } from '#support/command-properties.ts';
import { attempt, describeDecoders } from '#support/decoder-properties.ts';

const guid = fc.record({ guid: any.bytes(16) });
const level = fc.record({ privilegeLevel: any.bits(4) });
const policies = Object.keys(powerRestorePolicy) as PowerRestorePolicy[];

describeDecoders([
  ...both(chassisControlCommand, fc.record({ chassisControl: any.anyChassisControl }), none),
  ...both(
    closeSession,
    fc.oneof(
      fc.record({ sessionId: any.u32 }),
      fc.record({ sessionId: fc.constant(0), sessionHandle: any.byte }),
    ),
    none,
    { request: 4 },
  ),
  ...both(
    getSessionChallenge,
    fc.record({ authenticationType: any.bits(4), userName: any.bytes(16) }),
    fc.record({ temporarySessionId: any.u32, challenge: any.bytes(16) }),
  ),
  ...both(
    activateSession,
    fc.record({
      authenticationType: any.bits(4),
      requestedMaximumPrivilegeLevel: any.bits(4),
      challenge: any.bytes(16),
      initialOutboundSequenceNumber: any.u32,
    }),
    fc.record({
      authenticationType: any.bits(4),
      sessionId: any.u32,
      initialInboundSequenceNumber: any.u32,
      maximumPrivilegeLevel: any.bits(4),
    }),
  ),
  ...both(
    getSessionInfo,
    fc.oneof(
      fc.record({ index: fc.integer({ min: 0, max: 0xfd }) }),
      fc.record({ handle: any.byte }),
      fc.record({ sessionId: any.u32 }),
    ),
    fc.record(
      {
        handle: any.byte,
        possibleSessions: any.bits(6),
        activeSessions: any.bits(6),
        session: fc.record({
          userId: any.bits(6),
          privilegeLevel: any.bits(4),
          protocol: any.bits(4),
          channelNumber: any.bits(4),
          address: any.bytes(4),
          port: any.bits(16),
        }),
      },
      { requiredKeys: ['handle', 'possibleSessions', 'activeSessions'] },
    ),
    { response: 3 },
  ),
  ...both(
    getChannelAccess,
    fc.record({ channelNumber: any.bits(4), settings: any.bits(2) }),
    fc.record({
      pefAlertingDisabled: fc.boolean(),
      perMessageAuthenticationDisabled: fc.boolean(),
      userLevelAuthenticationDisabled: fc.boolean(),
      accessMode: any.bits(3),
      privilegeLimit: any.bits(4),
    }),
  ),
  ...both(
    getUserAccess,
    fc.record({ channelNumber: any.bits(4), userId: any.bits(6) }),
    fc.record({
      maximumUserIds: any.bits(6),
      enabledUserIds: any.bits(6),
      fixedNames: any.bits(6),
      enableStatus: any.bits(2),
      callbackOnly: fc.boolean(),
      linkAuthentication: fc.boolean(),
      ipmiMessaging: fc.boolean(),
      privilegeLimit: any.bits(4),
    }),
  ),
  ...both(getUserName, fc.record({ userId: any.bits(6) }), fc.record({ userName: any.bytes(16) })),
  ...both(coldReset, none, none),
  ...both(warmReset, none, none),
  ...both(
    getChannelInfo,
    fc.record({ channelNumber: any.bits(4) }),
    fc.record({
      channelNumber: any.bits(4),
      medium: any.bits(7),
      protocol: any.bits(5),
      sessionSupport: any.bits(2),
      activeSessionCount: any.bits(6),
      auxiliaryInfo: any.bits(16),
    }),
  ),
  ...both(
    getChannelAuthenticationCapabilities,
    fc.record({
      ipmiV20Data: fc.boolean(),
      channelNumber: any.bits(4),
      requestedMaximumPrivilegeLevel: any.bits(4),
    }),
    fc.record({
      channelNumber: any.byte,
      ipmiV20Data: fc.boolean(),
      authenticationTypes: any.bits(6),
      kgStatus: fc.boolean(),
      nonNullUsernames: fc.boolean(),
      supportsIpmiV20: fc.boolean(),
      supportsIpmiV15: fc.boolean(),
    }),
  ),
  ...both(
    getChannelCipherSuites,
    fc.record({
      channelNumber: any.bits(4),
      payloadType: any.bits(6),
      listByCipherSuite: fc.boolean(),
      listIndex: any.bits(6),
    }),
    fc.record({ channelNumber: any.byte, records: any.bytesUpTo(16) }),
    { response: 1 },
  ),
  ...both(
    getChassisCapabilities,
    none,
    fc.record({
      providesDiagnosticInterrupt: fc.boolean(),
      fruDeviceAddress: any.byte,
      sdrDeviceAddress: any.byte,
      selDeviceAddress: any.byte,
      systemManagementDeviceAddress: any.byte,
      bridgeDeviceAddress: any.byte,
    }),
    { response: 5 },
  ),
  ...both(
    getChassisStatus,
    none,
    fc.record({
      powerOn: fc.boolean(),
      powerRestorePolicy: fc.constantFrom(...policies),
      powerControlFault: fc.boolean(),
      lastPowerOnByCommand: fc.boolean(),
      driveFault: fc.boolean(),
      frontPanelButtons: any.byte,
    }),
    { response: 3 },
  ),
  ...both(
    setPowerRestorePolicy,
    fc.record({ policy: fc.constantFrom('alwaysOff', 'previousState', 'alwaysOn', 'noChange') }),
    fc.record({ alwaysOff: fc.boolean(), previousState: fc.boolean(), alwaysOn: fc.boolean() }),
  ),
  ...both(getDeviceGuid, none, guid),
  ...both(
    getDeviceId,
    none,
    fc.record({
      deviceId: any.byte,
      deviceRevision: any.bits(4),
      firmwareMajorRevision: any.bits(7),
      firmwareMinorRevision: fc.integer({ min: 0, max: 99 }),
      chassisDevice: fc.boolean(),
      fruInventoryDevice: fc.boolean(),
      selDevice: fc.boolean(),
      sdrRepositoryDevice: fc.boolean(),
      sensorDevice: fc.boolean(),
      manufacturerId: any.bits(20),
      productId: any.bits(16),
      auxiliaryFirmwareRevision: any.bytes(4),
    }),
    { response: 11 },
  ),
  ...both(getSelfTestResults, none, fc.record({ result: any.byte, detail: any.byte })),
  ...both(
    getSystemBootOptions,
    fc.record({ parameterSelector: any.bits(7), setSelector: any.byte, blockSelector: any.byte }),
    fc.record({
      markedInvalid: fc.boolean(),
      parameterSelector: any.bits(7),
      parameterData: any.bytesUpTo(20),
    }),
    { response: 2 },
  ),
  ...both(getSystemGuid, none, guid),
  ...both(setSessionPrivilegeLevel, level, level),
  ...both(
    setSystemBootOptions,
    fc.record({
      markInvalid: fc.boolean(),
      parameterSelector: any.bits(7),
      parameterData: any.bytesUpTo(20),
    }),
    none,
    { request: 1 },
  ),
  data('boot flags parameter', bootFlagsParameter, any.bootFlags),
]);

describe('commands', () => {
  it('each have a different pair of network function and code', () => {
    const codes = allCommands.map(({ netFn, code }) => `${netFn} ${code}`);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('without request data refuse a request with data', () => {
    expect(
      attempt(() => {
        getDeviceId.request.decode(Uint8Array.of(0));
      }),
    ).toHaveProperty('error');
  });
});
