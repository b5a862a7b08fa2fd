import {
  activateSession,
  addSelEntry,
  chassisControlCommand,
  clearSel,
  closeSession,
  coldReset,
  deleteSelEntry,
  getChannelAccess,
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getChannelInfo,
  getChassisCapabilities,
  getChassisStatus,
  getDeviceGuid,
  getDeviceId,
  getLastProcessedEventId,
  getPohCounter,
  getSelAllocationInfo,
  getSelEntry,
  getSelInfo,
  getSelTime,
  getSelTimeUtcOffset,
  getSelfTestResults,
  getAcpiPowerState,
  getSdrRepositoryInfo,
  getEventReceiver,
  getSdr,
  getSdrRepositoryTime,
  getSensorEventEnable,
  getSensorEventStatus,
  getSensorHysteresis,
  getSensorReading,
  getSensorThresholds,
  getSensorType,
  reserveSdrRepository,
  chassisIdentify,
  getSessionChallenge,
  getSessionInfo,
  getSystemBootOptions,
  getSystemGuid,
  getSystemRestartCause,
  getUserAccess,
  getUserName,
  getUserPayloadAccess,
  getWatchdogTimer,
  resetWatchdogTimer,
  setUserAccess,
  setUserName,
  setUserPassword,
  setUserPayloadAccess,
  setWatchdogTimer,
  netFn,
  platformEvent,
  privilegeLevel,
  reserveSel,
  setSelTime,
  setSelTimeUtcOffset,
  setSessionPrivilegeLevel,
  setPowerRestorePolicy,
  setSystemBootOptions,
  warmReset,
  type GetSessionInfoRequest,
} from '@vbmc/ipmi-codec';
import { rawCommand } from '#support/console/raw-command.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { allCommands } from '#support/all-commands.ts';
import { handshake, login, newConsole, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { usualFacts } from '#support/bmc/usual-answers.ts';
import { row, type Level, type Row } from '#support/bmc/privilege-row.ts';
import { settingRows } from './setting-rows.ts';

const INSUFFICIENT_PRIVILEGE = 0xd4;
const NOT_SUPPORTED_IN_PRESENT_STATE = 0xd5;
const RESERVATION_CANCELED = 0xc5;

/** v2.0 appendix G, tables G-1 and G-2. */
const rows: readonly Row[] = [
  ...settingRows,
  row(getChannelAuthenticationCapabilities, 'none', {
    ipmiV20Data: true,
    channelNumber: 0x0e,
    requestedMaximumPrivilegeLevel: 4,
  }),
  row(getChannelCipherSuites, 'none', {
    channelNumber: 0x0e,
    payloadType: 0,
    listByCipherSuite: true,
    listIndex: 0,
  }),
  row(getSystemGuid, 'none', undefined),
  row(getSessionChallenge, 'none', { authenticationType: 2, userName: new Uint8Array(16).fill(0x61) }),
  // Accepted only in the packet that proves the password: see `ipmi-1-5-login.test.ts`.
  row(
    activateSession,
    'none',
    {
      authenticationType: 2,
      requestedMaximumPrivilegeLevel: 4,
      challenge: new Uint8Array(16),
      initialOutboundSequenceNumber: 1,
    },
    NOT_SUPPORTED_IN_PRESENT_STATE,
  ),
  row(closeSession, 'callback', (console) => ({ sessionId: console.managedSystemSessionId })),
  row(setSessionPrivilegeLevel, 'user', { privilegeLevel: 0 }),
  row(getSessionInfo, 'user', (): GetSessionInfoRequest => ({ index: 0 })),
  row(getChannelInfo, 'user', { channelNumber: 0x0e }),
  row(getChannelAccess, 'user', { channelNumber: 0x0e, settings: 2 }),
  row(getUserAccess, 'operator', { channelNumber: 0x0e, userId: 2 }),
  row(getUserName, 'operator', { userId: 2 }),
  row(setUserAccess, 'administrator', {
    ...{ channelNumber: 0x0e, userId: 2, privilegeLimit: privilegeLevel.administrator, sessionLimit: 0 },
  }),
  row(setUserName, 'administrator', { userId: 9, userName: new Uint8Array(16) }),
  row(setUserPassword, 'administrator', { userId: 2, passwordSize: 16, operation: 'enableUser' }),
  row(setUserPayloadAccess, 'administrator', {
    ...{ channelNumber: 1, userId: 2, operation: 0, payloads: { sol: true, others: false } },
  }),
  row(getUserPayloadAccess, 'operator', { channelNumber: 1, userId: 2 }),
  row(setWatchdogTimer, 'operator', {
    ...{ use: 4, dontLog: false, dontStop: false, interrupt: 0, action: 3, preTimeoutSeconds: 0 },
    ...{ expirationFlags: 0, initialCountdown: 600 },
  }),
  row(resetWatchdogTimer, 'operator', undefined),
  row(getWatchdogTimer, 'user', undefined),
  row(coldReset, 'administrator', undefined),
  row(warmReset, 'administrator', undefined),
  row(getDeviceId, 'user', undefined),
  row(getDeviceGuid, 'user', undefined),
  row(getSelfTestResults, 'user', undefined),
  row(getAcpiPowerState, 'user', undefined),
  row(chassisIdentify, 'operator', { seconds: 15, forced: false }),
  row(getSdrRepositoryInfo, 'user', undefined),
  row(getSdrRepositoryTime, 'user', undefined),
  row(reserveSdrRepository, 'user', undefined),
  row(getSdr, 'user', { reservationId: 0, recordId: 0, offset: 0, count: 0xff }),
  row(getEventReceiver, 'user', undefined),
  row(getSensorEventEnable, 'user', { sensorNumber: 1 }),
  row(getSensorEventStatus, 'user', { sensorNumber: 1 }),
  row(getSensorHysteresis, 'user', { sensorNumber: 3 }),
  row(getSensorReading, 'user', { sensorNumber: 1 }),
  row(getSensorThresholds, 'user', { sensorNumber: 3 }),
  row(getSensorType, 'user', { sensorNumber: 1 }),
  row(getSelInfo, 'user', undefined),
  row(getSelAllocationInfo, 'user', undefined),
  row(reserveSel, 'user', undefined),
  row(getSelEntry, 'user', { reservationId: 0, recordId: 0, offset: 0, count: 0xff }),
  row(addSelEntry, 'operator', { record: Uint8Array.of(0, 0, 0x02, ...new Uint8Array(13)) }),
  row(deleteSelEntry, 'operator', { reservationId: 1, recordId: 1 }, RESERVATION_CANCELED),
  row(clearSel, 'operator', { reservationId: 1, action: 'initiate' }, RESERVATION_CANCELED),
  row(getSelTime, 'user', undefined),
  row(setSelTime, 'operator', { time: 1 }),
  row(getSelTimeUtcOffset, 'user', undefined),
  row(setSelTimeUtcOffset, 'operator', { minutes: 0x07ff }),
  row(platformEvent, 'operator', {
    ...{ messageRevision: 4, sensorType: 1, sensorNumber: 0x30, eventType: 1 },
    eventData: Uint8Array.of(9, 0xff, 0xff),
  }),
  row(getLastProcessedEventId, 'administrator', undefined),
  row(getPohCounter, 'user', undefined),
  row(getSystemRestartCause, 'user', undefined),
  row(getChassisCapabilities, 'user', undefined),
  row(getChassisStatus, 'user', undefined),
  row(chassisControlCommand, 'operator', { chassisControl: 'hardReset' }),
  row(setPowerRestorePolicy, 'operator', { policy: 'alwaysOn' }),
  row(setSystemBootOptions, 'operator', {
    markInvalid: false,
    parameterSelector: 5,
    parameterData: Uint8Array.of(0xe0, 0x04, 0, 0, 0),
  }),
  row(getSystemBootOptions, 'operator', { parameterSelector: 5, setSelector: 0, blockSelector: 0 }),
];

function rank(level: Level): number {
  return level === 'none' ? 0 : privilegeLevel[level];
}
const levels: readonly Level[] = ['none', 'callback', 'user', 'operator', 'administrator'];

function consoleAt(bmc: SimulatedBmc, level: Level): RemoteConsole {
  if (level === 'none') return newConsole();
  return login(bmc, { as: level });
}

/** The completion code, after every domain action has succeeded and every question is answered. */
function completionCode(bmc: SimulatedBmc, console: RemoteConsole, request: Uint8Array): number | undefined {
  const sent = [...bmc.send(request)];
  for (const { id } of bmc.underWay()) {
    sent.push(...bmc.finishId(id, { ok: true, facts: usualFacts }));
  }
  sent.push(...bmc.answerAll());
  const answer = readOnly(console, sent);
  return answer.kind === 'response' ? answer.completionCode : undefined;
}

describe.each(rows)('$name needs $minimum', ({ minimum, request, allowed }) => {
  test.each(levels)('at level %s', (level) => {
    const bmc = SimulatedBmc.started({ allowsIpmiV15: true });
    const console = consoleAt(bmc, level);
    const asked = bmc.actions.length;
    const suffices = rank(level) >= rank(minimum);

    expect(completionCode(bmc, console, request(console))).toBe(suffices ? allowed : INSUFFICIENT_PRIVILEGE);
    if (!suffices) expect(bmc.actions).toHaveLength(asked);
  });
});

describe('every command of the codec', () => {
  test('is in the table of privileges', () => {
    const known = new Set(rows.map(({ name }) => name));

    expect(allCommands.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  // The console decodes the response with the command's codec. Encoding the value again must give the bytes that were sent.
  test.each(rows.filter(({ allowed }) => allowed === 0))(
    '$name: decoding its response and encoding it again gives the same bytes',
    ({ netFn: fn, code, request }) => {
      const bmc = SimulatedBmc.started({ allowsIpmiV15: true });
      const console = login(bmc);
      const sent = [...bmc.send(request(console))];
      for (const { id } of bmc.underWay()) {
        sent.push(...bmc.finishId(id, { ok: true, facts: usualFacts }));
      }
      sent.push(...bmc.answerAll());
      const answer = readOnly(console, sent);
      const command = allCommands.find((one) => netFn[one.netFn] === fn && one.code === code);
      if (answer.kind !== 'response' || command === undefined) throw new Error('no response');

      expect(Buffer.from(command.response.encode(answer.value))).toEqual(
        Buffer.from(answer.message.data.subarray(1)),
      );
    },
  );
});

describe('a session begins', () => {
  test.each([
    ['administrator', 'user'],
    ['operator', 'user'],
    ['user', 'user'],
    ['callback', 'callback'],
  ] as const)('for %s at level %s, whatever level it requested', (as, level) => {
    const bmc = SimulatedBmc.started({ allowsIpmiV15: true });
    const console = newConsole({ userName: as });
    handshake(bmc, console);
    const raw = rawCommand('app', 0x3b);

    const code = completionCode(bmc, console, console.request(raw, Uint8Array.of(0)));

    // Callback cannot even ask: Set Session Privilege Level needs User.
    expect(code).toBe(level === 'user' ? 0 : INSUFFICIENT_PRIVILEGE);
  });
});
