import type { LogFact } from '#worker/core/terms/log-fact.ts';
import { recordOfPlatformEvent, selRecordOf } from '#worker/core/request/commands/storage/sel-records.ts';
import { fromHex, toHex } from '#support/hex.ts';

const AT = 0x4433_2211;

// Type, number, direction and event data: each was given to `ipmitool sel elist` and `ipmi-sel`, which say what is beside it.
test.each<[string, LogFact]>([
  ['1d066f00ffff', { kind: 'booted', by: 'start' }], // Initiated by power up
  ['1d066f01ffff', { kind: 'booted', by: 'reset' }], // Initiated by hard reset
  ['1d066f02ffff', { kind: 'booted', by: 'guest' }], // Initiated by warm reset
  ['22016f00ffff', { kind: 'power', state: 'working' }], // S0/G0: working
  ['22016f03ffff', { kind: 'power', state: 'suspendedToRam' }],
  ['22016f04ffff', { kind: 'power', state: 'suspendedToDisk' }],
  ['22016f05ffff', { kind: 'power', state: 'softOff' }], // S5/G2: soft-off
  ['22016f0affff', { kind: 'power', state: 'forcedOff' }], // S5: entered by override
  ['20056f01ffff', { kind: 'osStopped', how: 'panic' }], // Run-time critical stop
  ['20056f03ffff', { kind: 'osStopped', how: 'shutdown' }], // OS graceful shutdown
  ['0d086f01ffff', { kind: 'diskFault' }], // Drive Fault, asserted
  ['0d08ef01ffff', { kind: 'diskFault', isOver: true }], // Drive Fault, deasserted
  ['13096f00ffff', { kind: 'nmi' }], // NMI/Diag Interrupt
  ['0c0a6f01ffff', { kind: 'memoryFailure' }], // Uncorrectable ECC
  ['23026fc00fff', { kind: 'watchdog', action: 'none' }], // Timer expired
  ['23026fc30fff', { kind: 'watchdog', action: 'powerCycle' }], // Power cycle
  ['23026fc004ff', { kind: 'watchdogTimer', use: 'smsOs', effect: 'none' }], // Timer expired
  ['23026fc121ff', { kind: 'watchdogTimer', use: 'biosFrb2', effect: 'hardReset', hasNmi: true }], // Hard reset
  ['23026fc204ff', { kind: 'watchdogTimer', use: 'smsOs', effect: 'powerDown' }], // Power down
  ['23026fc305ff', { kind: 'watchdogTimer', use: 'oem', effect: 'powerCycle' }], // Power cycle
  ['23026fc824ff', { kind: 'watchdogTimer', use: 'smsOs', effect: 'nmi', hasNmi: true }], // Timer interrupt
  ['09ff6f05ffff', { kind: 'watchdogActionFailed' }], // Power Unit: Soft-power control failure
  ['2a0b6ff20001', { kind: 'loginsFail' }], // freeipmi: Invalid Username or Password
  ['2a0b6ff30001', { kind: 'loginsLockedOut' }], // freeipmi: Invalid password disable
  ['10076f02ffff', { kind: 'logCleared' }], // Log area reset/cleared
  ['10076fc550ff', { kind: 'logAlmostFull' }], // Log almost full
  ['10076f04ffff', { kind: 'logFull' }], // Log full
])('%s', (hex, fact) => {
  expect(toHex(selRecordOf({ id: 0x0201, at: AT, fact }))).toBe(`01020211223344200004${hex}`);
});

const RECORD = 'eeee02aaaaaaaa41000420006f01ffff';

test.each(['02', 'c0', 'df', 'e0', 'ff'])(
  "a client's record of type %s has the id of the log, and its time if it has one",
  (type) => {
    const added = `eeee${type}${RECORD.slice(6)}`;
    const record = toHex(selRecordOf({ id: 0x0201, at: AT, fact: { kind: 'record', hex: added } }));
    const hasTime = Number.parseInt(type, 16) < 0xe0;
    expect(record).toBe(`0102${type}${hasTime ? '11223344' : 'aaaaaaaa'}${added.slice(14)}`);
  },
);

test('a platform event becomes a record of a remote console on its channel', () => {
  const event = { messageRevision: 4, sensorType: 1, sensorNumber: 0x30, eventType: 1 };
  const record = recordOfPlatformEvent({
    ...{ ...event, generator: 0x81, channel: 1 },
    eventData: fromHex('59ffff'),
  });
  expect(toHex(record)).toBe('0000020000000081100401300159ffff');
});
