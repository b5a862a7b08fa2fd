import {
  getChassisStatus,
  getDeviceId,
  netFn,
  setSystemBootOptions,
  type Command,
  type NetFn,
} from '@vbmc/ipmi-codec';
import { rawCommand } from '#support/console/raw-command.ts';
import { ask, completionCodeOf, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { allCommands } from '#support/all-commands.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const nothing = new Uint8Array(0);

describe('an unknown command', () => {
  const registered = new Set(allCommands.map((command) => `${command.netFn} ${command.code}`));
  const functions = Object.keys(netFn) as NetFn[];

  test('gets C1h at once, whatever its number, and D4h outside a session', () => {
    const bmc = SimulatedBmc.started();
    const inside = login(bmc);
    const before = newConsole();
    for (const fn of functions) {
      for (let code = 0; code < 0x100; code += 1) {
        if (registered.has(`${fn} ${code}`)) continue;
        const command = rawCommand(fn, code);
        expect(completionCodeOf(bmc, inside, command, nothing)).toBe(0xc1);
        expect(completionCodeOf(bmc, before, command, nothing)).toBe(0xd4);
      }
    }
    expect(bmc.underWay()).toEqual([]);
  });

  test.each([0x2c, 0x2e, 0x30, 0x3e])('gets C1h with network function %d', (fn) => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc), rawCommand('app', 0x00), nothing, { netFn: fn })).toBe(0xc1);
  });

  test('gets C1h at callback level too: there is nothing to protect', () => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc, { as: 'callback' }), rawCommand('app', 0x00), nothing)).toBe(
      0xc1,
    );
  });
});

describe('a request', () => {
  test.each([1, 2, 3])('to logical unit %d gets C2h', (toLun) => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc), getDeviceId, undefined, { toLun })).toBe(0xc2);
  });

  test.each([0x22, 0x24, 0x81, 0x00])('to slave address %d gets D3h and does nothing', (toAddress) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, getChassisStatus, undefined, { toAddress })).toBe(0xd3);
    expect(bmc.underWay()).toEqual([]);
  });

  test('with the network function of a response is not answered', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(bmc.send(console.request(getDeviceId, undefined, { netFn: 7 }))).toEqual([]);
  });

  test('gets a response with its addresses and units swapped, and its rqSeq', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    const answer = ask(
      bmc,
      console,
      console.request(getDeviceId, undefined, { fromAddress: 0x87, fromLun: 2 }),
    );

    expect(answer).toMatchObject({
      message: { toAddress: 0x87, toLun: 2, fromAddress: 0x20, fromLun: 0, rqSeq: console.rqSeq, command: 1 },
    });
  });
});

describe('request data of the wrong length', () => {
  /** Lengths that the specification allows; all others up to 20 bytes get C7h. */
  const lengths: Readonly<Record<string, readonly number[]>> = {
    'Get Device ID': [0],
    'Get Self Test Results': [0],
    'Get Device GUID': [0],
    'Get System GUID': [0],
    'Get Channel Authentication Capabilities': [2],
    'Get Channel Cipher Suites': [3],
    'Set Session Privilege Level': [1],
    'Close Session': [4, 5],
    'Get Chassis Capabilities': [0],
    'Get Chassis Status': [0],
    'Chassis Control': [1],
    'Set Power Restore Policy': [1],
    'Get System Boot Options': [3],
  };

  test.each(Object.entries(lengths))('of %s gets C7h', (name, allowed) => {
    const command = allCommands.find((one) => one.name === name);
    if (command === undefined) throw new Error(`no command ${name}`);
    for (let length = 0; length <= 20; length += 1) {
      if (allowed.includes(length)) continue;
      const bmc = SimulatedBmc.started();
      const console = login(bmc);
      const raw = rawCommand(command.netFn, command.code);
      expect([length, completionCodeOf(bmc, console, raw, new Uint8Array(length))]).toEqual([length, 0xc7]);
      expect(bmc.underWay()).toEqual([]);
    }
  });

  test.each([
    [0, [0, 2, 3]],
    [3, [2, 3]],
    [4, [1, 3]],
    [5, [1, 4, 6]],
    [6, [1, 8, 10]],
    [7, [18, 30]],
  ])('of boot option parameter %d gets C7h', (parameterSelector, lengthsOfData) => {
    for (const length of lengthsOfData) {
      // No data at all only changes the mark, which is allowed.
      if (length === 0) continue;
      const bmc = SimulatedBmc.started();
      const code = completionCodeOf(bmc, login(bmc), setSystemBootOptions, {
        markInvalid: false,
        parameterSelector,
        parameterData: new Uint8Array(length),
      });
      expect([length, code]).toEqual([length, 0xc7]);
    }
  });
});

describe('a field with a value that is not defined gets CCh', () => {
  const raw = (fn: NetFn, code: number): Command<Uint8Array, Uint8Array> => rawCommand(fn, code);

  test.each([
    ['Chassis Control 6', raw('chassis', 0x02), [6]],
    ['Set Power Restore Policy 4', raw('chassis', 0x06), [4]],
    ['Chassis Control 15', raw('chassis', 0x02), [15]],
    ['Set Session Privilege Level 1 (reserved)', raw('app', 0x3b), [1]],
    ['Set Session Privilege Level 6', raw('app', 0x3b), [6]],
    ['Set Session Privilege Level 15', raw('app', 0x3b), [15]],
    ['Get Channel Authentication Capabilities of channel 2', raw('app', 0x38), [0x82, 4]],
    ['Get Channel Cipher Suites of channel 2', raw('app', 0x54), [2, 0, 0x80]],
    ['Get Channel Cipher Suites of payload type 1', raw('app', 0x54), [0x0e, 1, 0x80]],
    ['boot device selector Ah', raw('chassis', 0x08), [5, 0x80, 0x28, 0, 0, 0]],
    ['boot flag "clear CMOS"', raw('chassis', 0x08), [5, 0x80, 0x84, 0, 0, 0]],
    ['set in progress 3', raw('chassis', 0x08), [0, 3]],
    ['a boot option marked invalid', raw('chassis', 0x08), [0x85]],
  ])('%s', (_, command, data) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, command, Uint8Array.from(data))).toBe(0xcc);
    expect(bmc.underWay()).toEqual([]);
  });
});
