import {
  getEventReceiver,
  getSensorEventEnable,
  getSensorEventStatus,
  getSensorHysteresis,
  getSensorReading,
  getSensorThresholds,
  getSensorType,
  type Command,
  type SensorNumber,
} from '@vbmc/ipmi-codec';
import type { DeviceAnswer } from '#worker/core/terms/device-question.ts';
import type { DomainState } from '#worker/core/terms/domain-action.ts';
import type { LogFill, SensorFacts } from '#worker/core/terms/sensor-facts.ts';
import { completionCodeOf, login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { toHex } from '#support/hex.ts';

const NOT_PRESENT = 0xcb;
const ILLEGAL_FOR_SENSOR = 0xcd;
const [POWER, WATCHDOG, CPU, MEMORY, OS_STOP, SYSTEM_BOOT, SEL, DISKS, NMI] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const NO_STATES = '00e00080';
const NO_PERCENT = '00e0c0';

function fill(parts: Partial<LogFill>): LogFill {
  return { isCleared: false, isAlmostFull: false, isFull: false, ...parts };
}

/** The response data of a reading while the domain is so and the supervisor tells this. */
function readingOf(sensorNumber: number, state: DomainState | undefined, facts?: SensorFacts): string {
  const bmc = SimulatedBmc.started();
  if (state !== undefined) bmc.reportState(state);
  const console = login(bmc, { as: 'user' });
  let sent = bmc.send(console.request(getSensorReading, { sensorNumber }));
  if (sent.length === 0)
    sent = bmc.answer(
      'readSensors',
      facts === undefined ? { ok: false, why: 'unanswered' } : { ok: true, value: facts },
    );
  const answer = readOnly(console, sent);
  if (answer.kind !== 'response' || answer.completionCode !== 0) throw new Error(JSON.stringify(answer));
  return toHex(getSensorReading.response.encode(answer.value as never));
}

describe('readings', () => {
  test.each<[number, DomainState | undefined, SensorFacts | undefined, string]>([
    [POWER, 'running', {}, '00c00180'],
    [POWER, 'paused', undefined, '00c00180'],
    [POWER, 'pmsuspended', {}, '00c00880'],
    [POWER, 'shutOff', { end: 'shutdown' }, '00c02080'],
    [POWER, 'shutOff', { end: 'other' }, '00c02080'],
    [POWER, 'shutOff', {}, NO_STATES],
    [POWER, 'shutOff', { end: 'saved' }, '00c01080'],
    [POWER, 'shutOff', { end: 'crashed' }, '00c00084'],
    [POWER, 'shutOff', { end: 'destroyed' }, '00c00084'],
    [POWER, 'shutOff', { end: 'failed' }, '00c00084'],
    [POWER, 'shutOff', undefined, NO_STATES],
    [POWER, 'migratedAway', {}, NO_STATES],
    [POWER, undefined, { end: 'destroyed' }, NO_STATES],
    [WATCHDOG, 'running', { watchdog: 'notExpired' }, '00c00080'],
    [WATCHDOG, 'running', { watchdog: 'none' }, '00c00180'],
    [WATCHDOG, undefined, { watchdog: 'powerCycle' }, '00c00880'],
    [WATCHDOG, 'running', { watchdog: 'nmi' }, '00c00081'],
    [WATCHDOG, 'running', {}, NO_STATES],
    [WATCHDOG, 'running', undefined, NO_STATES],
    [CPU, 'running', { cpuPercent: 36.6 }, '25c0c0'],
    [CPU, 'running', { cpuPercent: 0 }, '00c0c0'],
    [CPU, 'running', {}, NO_PERCENT],
    [CPU, 'shutOff', { cpuPercent: 5 }, NO_PERCENT],
    [CPU, undefined, { cpuPercent: 5 }, NO_PERCENT],
    [CPU, 'running', undefined, NO_PERCENT],
    [MEMORY, 'running', {}, NO_PERCENT],
    [OS_STOP, 'running', {}, '00c00080'],
    [OS_STOP, 'running', { hasPanicked: true }, '00c00280'],
    [OS_STOP, 'crashed', {}, '00c00280'],
    [OS_STOP, 'shutOff', { hasPanicked: true, end: 'crashed' }, '00c00280'],
    [OS_STOP, 'shutOff', { end: 'shutdown' }, '00c00880'],
    [OS_STOP, 'shutOff', { end: 'destroyed' }, '00c00080'],
    [OS_STOP, 'running', undefined, NO_STATES],
    [OS_STOP, undefined, {}, NO_STATES],
    [SEL, undefined, { log: fill({}) }, '00c00080'],
    [SEL, undefined, { log: fill({ isCleared: true }) }, '00c00480'],
    [SEL, undefined, { log: fill({ isAlmostFull: true }) }, '00c02080'],
    [SEL, undefined, { log: fill({ isAlmostFull: true, isFull: true }) }, '00c03080'],
    [SEL, undefined, {}, NO_STATES],
    [SEL, 'running', undefined, NO_STATES],
    [DISKS, 'running', { hasDisk: true }, '00c00180'],
    [DISKS, 'shutOff', { hasDisk: false }, '00c00080'],
    [DISKS, 'ioError', undefined, '00c00380'],
    [DISKS, 'running', { hasDisk: true, hasDiskFault: true }, '00c00380'],
    [DISKS, 'running', {}, NO_STATES],
    [DISKS, undefined, { hasDisk: true }, NO_STATES],
  ])('of sensor %i while the domain is %s and the supervisor says %o', (number, state, facts, hex) => {
    expect(readingOf(number, state, facts)).toBe(hex);
  });

  test.each([SYSTEM_BOOT, NMI, 10, 11, 12, 0, 255])('sensor %i has none', (sensorNumber) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc, { as: 'user' });
    expect(completionCodeOf(bmc, console, getSensorReading, { sensorNumber })).toBe(NOT_PRESENT);
    expect(completionCodeOf(bmc, console, getSensorEventStatus, { sensorNumber })).toBe(NOT_PRESENT);
    expect(bmc.questions).toEqual([]);
  });
});

describe('the supervisor is asked', () => {
  const ask = (bmc: SimulatedBmc, console: ReturnType<typeof login>, sensorNumber = DISKS): number => {
    const before = bmc.questions.length;
    bmc.send(console.request(getSensorReading, { sensorNumber }));
    bmc.answerAll();
    return bmc.questions.length - before;
  };

  test('once for a client that reads all sensors in a row', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const console = login(bmc, { as: 'user' });
    expect(ask(bmc, console)).toBe(1);
    expect(ask(bmc, console)).toBe(0);
    bmc.now += 250;
    expect(ask(bmc, console)).toBe(1);
  });

  test('again when the domain has changed', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const console = login(bmc, { as: 'user' });
    expect(ask(bmc, console)).toBe(1);
    bmc.reportState('shutOff');
    expect(ask(bmc, console)).toBe(1);
  });

  test('not for what the state alone tells', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    expect(ask(bmc, login(bmc, { as: 'user' }), POWER)).toBe(0);
  });

  test('in vain: how the domain has ended is the same until that changes, and else there is no reading', () => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('shutOff');
    const console = login(bmc, { as: 'user' });
    const read = (answer: DeviceAnswer<'readSensors'>): unknown => {
      bmc.now += 1_000;
      bmc.send(console.request(getSensorReading, { sensorNumber: POWER }));
      const reading = readOnly(console, bmc.answer('readSensors', answer));
      return reading.kind === 'response' ? reading.value : undefined;
    };
    const silence = { ok: false, why: 'unanswered' } as const;
    const override = { states: 0, moreStates: 0x84, isUnavailable: false };
    expect(read(silence)).toMatchObject({ isUnavailable: true });
    expect(read({ ok: true, value: { end: 'destroyed' } })).toMatchObject(override);
    expect(read(silence)).toMatchObject(override);
    bmc.reportState('running', 'started');
    bmc.reportState('shutOff');
    expect(read(silence)).toMatchObject({ isUnavailable: true });
  });
});

describe('what does not change', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc, { as: 'user' });

  /** The data of the answer, or its completion code. */
  function asked<Response>(
    command: Command<SensorNumber, Response>,
    sensorNumber: number,
    expected: string | number,
  ): readonly [string, number, string | number, () => string | number] {
    const ask = (): string | number => {
      const { completionCode, value } = respondTo(bmc, console, command, { sensorNumber });
      return completionCode === 0 ? toHex(command.response.encode(value as Response)) : completionCode;
    };
    return [command.name, sensorNumber, expected, ask];
  }

  test.each([
    asked(getSensorThresholds, CPU, '00000000000000'),
    asked(getSensorThresholds, POWER, ILLEGAL_FOR_SENSOR),
    asked(getSensorThresholds, 12, NOT_PRESENT),
    asked(getSensorHysteresis, MEMORY, '0000'),
    asked(getSensorHysteresis, DISKS, ILLEGAL_FOR_SENSOR),
    asked(getSensorEventEnable, POWER, 'c039440000'),
    asked(getSensorEventEnable, CPU, 'c000000000'),
    asked(getSensorEventEnable, NMI, 'c000000000'),
    asked(getSensorEventEnable, 12, NOT_PRESENT),
    asked(getSensorType, POWER, '226f'),
    asked(getSensorType, CPU, '0b01'),
    asked(getSensorType, NMI, '136f'),
    asked(getSensorType, 12, NOT_PRESENT),
  ])('%s of sensor %i is %s', (_, __, expected, ask) => {
    expect(ask()).toBe(expected);
  });

  test('the BMC itself takes events', () => {
    const { value } = respondTo(bmc, console, getEventReceiver, undefined);
    expect(value).toEqual({ slaveAddress: 0x20, lun: 0 });
  });

  test('what would change it is refused', () => {
    for (const code of [0x00, 0x24, 0x26, 0x28, 0x2a, 0x2e, 0x30])
      expect(completionCodeOf(bmc, console, { ...getEventReceiver, code }, undefined)).toBe(0xc1);
  });
});

test('the status of events is the states that hold', () => {
  const bmc = SimulatedBmc.started();
  bmc.reportState('pmsuspended');
  const console = login(bmc, { as: 'user' });
  const answer = readOnly(console, bmc.send(console.request(getSensorEventStatus, { sensorNumber: POWER })));
  expect(answer).toMatchObject({
    completionCode: 0,
    value: { assertion: 8, deassertion: 0, isUnavailable: false },
  });
});
