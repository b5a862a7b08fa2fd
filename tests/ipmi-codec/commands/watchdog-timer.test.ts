import fc from 'fast-check';
import { getWatchdogTimer, resetWatchdogTimer, setWatchdogTimer } from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { both, none } from '#support/command-properties.ts';
import { describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const settings = {
  dontLog: fc.boolean(),
  use: any.bits(3),
  interrupt: any.bits(3),
  action: any.bits(3),
  preTimeoutSeconds: any.byte,
  expirationFlags: any.byte,
  initialCountdown: any.bits(16),
};

describeDecoders([
  ...both(setWatchdogTimer, fc.record({ ...settings, dontStop: fc.boolean() }), none),
  ...both(resetWatchdogTimer, none, none),
  ...both(
    getWatchdogTimer,
    none,
    fc.record({ ...settings, isRunning: fc.boolean(), presentCountdown: any.bits(16) }),
  ),
]);

// What the kernel's ipmi_watchdog sends when it is loaded and when /dev/watchdog is opened.
test.each([
  ['040000002c01', { use: 4, dontStop: false, action: 0, initialCountdown: 300 }],
  ['440300002c01', { use: 4, dontStop: true, action: 3, initialCountdown: 300 }],
  [
    '9421050a0100',
    { use: 4, dontLog: true, interrupt: 2, action: 1, preTimeoutSeconds: 5, expirationFlags: 10 },
  ],
])('Set Watchdog Timer %s', (hex, value) => {
  expect(setWatchdogTimer.request.decode(fromHex(hex))).toMatchObject(value);
});

test('Get Watchdog Timer', () => {
  const timer = {
    ...{ dontLog: false, isRunning: true, use: 4, interrupt: 0, action: 3, preTimeoutSeconds: 0 },
    ...{ expirationFlags: 0x10, initialCountdown: 300, presentCountdown: 299 },
  };
  expect(toHex(getWatchdogTimer.response.encode(timer))).toBe('440300102c012b01');
});
