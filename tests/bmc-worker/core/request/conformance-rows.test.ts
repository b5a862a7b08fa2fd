/** Rows of a conformance check: requests as bytes, and the answer that the specification wants. */
import { rawCommand } from '#support/console/raw-command.ts';
import { ask, completionCodeOf, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import type { NetFn } from '@vbmc/ipmi-codec';

function codeOf(netFn: NetFn, code: number, ...data: readonly number[]): number {
  const bmc = SimulatedBmc.started();
  return completionCodeOf(bmc, login(bmc), rawCommand(netFn, code), Uint8Array.from(data));
}

test.each([0x10, 0x11, 0x21, 0x80, 0xf1, 0xff])(
  'Chassis Control with a reserved bit, %d, is refused and does nothing',
  (byte) => {
    const bmc = SimulatedBmc.started();
    expect(completionCodeOf(bmc, login(bmc), rawCommand('chassis', 0x02), Uint8Array.of(byte))).toBe(0xcc);
    expect(bmc.underWay()).toEqual([]);
  },
);

test.each([
  [0, 0],
  [1, 0xcc],
  [2, 0],
  [4, 0],
  [5, 0x81],
  [6, 0xcc],
  [15, 0xcc],
])('Set Session Privilege Level %d: %d', (level, code) => {
  expect(codeOf('app', 0x3b, level)).toBe(code);
});

test.each(Array.from({ length: 16 }, (_, level) => level))(
  'Get Channel Authentication Capabilities for privilege level %d',
  (level) => {
    expect(codeOf('app', 0x38, 0x8e, level)).toBe(level >= 1 && level <= 5 ? 0 : 0xcc);
  },
);

test.each([
  ['a reserved bit of the channel', 0x9e, 0x04],
  ['another one', 0x4e, 0x04],
  ['a reserved bit of the level', 0x8e, 0x14],
])('Get Channel Authentication Capabilities with %s', (_what, channel, level) => {
  expect(codeOf('app', 0x38, channel, level)).toBe(0xcc);
});

/** Get Channel Info and Get Channel Access by channel number: the bytes of the answer. */
const channels: readonly [channel: number, info: readonly number[], access: number][] = [
  [0x00, [0x00, 0x00, 0x01, 0x01, 0x00, 0xf2, 0x1b, 0x00, 0x00, 0x00], 0x82],
  [0x01, [0x00, 0x01, 0x04, 0x01, 0x81, 0xf2, 0x1b, 0x00, 0x00, 0x00], 0x00],
  [0x02, [0xcc], 0xcc],
  [0x0e, [0x00, 0x01, 0x04, 0x01, 0x81, 0xf2, 0x1b, 0x00, 0x00, 0x00], 0x00],
  [0x0f, [0x00, 0x0f, 0x0c, 0x05, 0x00, 0xf2, 0x1b, 0x00, 0xff, 0xff], 0x82],
];

function bytesOf(netFn: number, code: number, ...data: readonly number[]): readonly number[] {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  const request = console.request(rawCommand('app', code), Uint8Array.from(data), { netFn });
  const answer = ask(bmc, console, request);
  return answer.kind === 'response' ? [...answer.message.data] : [];
}

test.each(channels)(
  'channel %d: OpenIPMI looks for the BMC on channels that are IPMBs',
  (channel, info, access) => {
    expect(bytesOf(0x06, 0x42, channel)).toEqual(info);
    expect(codeOf('app', 0x41, channel, 0x80)).toBe(access);
  },
);

test('Get Chassis Capabilities ends with the address of the bridge', () => {
  expect(bytesOf(0x00, 0x00)).toEqual([0x00, 0x04, 0x20, 0x20, 0x20, 0x20, 0x20]);
});

/** v2.0§5.1 table 5-1: the body that has defined the command follows the completion code in every response. */
test.each([
  ['DCMI', 0x2c, [0xdc, 0x01], [0xc1, 0xdc]],
  ['PICMG', 0x2c, [0x00], [0xc1, 0x00]],
  ['a group extension without its body', 0x2c, [], [0xc1]],
  ['an enterprise', 0x2e, [0x57, 0x01, 0x00, 0x09], [0xc1, 0x57, 0x01, 0x00]],
  ['an enterprise number that is cut', 0x2e, [0x57], [0xc1, 0x57]],
  ['another OEM network function', 0x30, [0x57, 0x01], [0xc1]],
])('an unknown command of %s', (_what, netFn, data, answer) => {
  expect(bytesOf(netFn, 0x3e, ...data)).toEqual(answer);
});

test('before a session an unknown command and a known one get the same code', () => {
  const bmc = SimulatedBmc.started();
  const console = newConsole();
  for (const code of [0x01, 0x02, 0x59, 0x52, 0xff])
    expect(completionCodeOf(bmc, console, rawCommand('app', code), new Uint8Array(0))).toBe(0xd4);
});
