import { bootFlagsParameter } from '#codec/commands/chassis/boot-option-parameters.ts';
import { attempt } from '#support/decoder-properties.ts';
describe('boot flags parameter', () => {
  it.each([
    ['a reserved device selector', [0x80, 0x0a << 2, 0, 0, 0]],
    ['CMOS clear', [0x80, 0x80, 0, 0, 0]],
    ['keyboard lock', [0x80, 0x40, 0, 0, 0]],
    ['screen blank', [0x80, 0x06, 0, 0, 0]],
    ['a locked reset button', [0x80, 0x05, 0, 0, 0]],
    ['a locked power button', [0x80, 0x04, 0x80, 0, 0]],
    ['a locked sleep button', [0x80, 0x04, 0x04, 0, 0]],
    ['the reserved verbosity', [0x80, 0x04, 0x60, 0, 0]],
    ['the reserved console redirection', [0x80, 0x04, 0x03, 0, 0]],
    ['mux control', [0x80, 0x04, 0, 0x01, 0]],
    ['shared mode', [0x80, 0x04, 0, 0x08, 0]],
    ['a device instance', [0x80, 0x04, 0, 0, 0x01]],
    ...[0, 1, 2, 3, 4].map((bit): [string, number[]] => [
      `reserved bit ${bit} of data 1`,
      [0x80 | (1 << bit), 0x04, 0, 0, 0],
    ]),
    ['a sixth byte', [0x80, 0x04, 0, 0, 0, 0]],
  ])('refuses %s', (_what, parameter) => {
    expect(attempt(() => bootFlagsParameter.decode(Uint8Array.from(parameter)))).toHaveProperty('error');
  });
});

/** v2.0§28.13 table 28-14, parameter 5, data 3. */
it.each([
  ['quiet display', 0x20],
  ['verbose display', 0x40],
  ['progress event traps', 0x10],
  ['user password bypass', 0x08],
  ['console redirection suppressed', 0x01],
  ['console redirection enabled', 0x02],
  ['verbose display and password bypass, as ipmiutil 3.1.8 sends it', 0x48],
  ['all of them', 0x5a],
])('boot flags keep %s', (_what, firmwareRequests) => {
  const parameter = Uint8Array.of(0x80, 0x04, firmwareRequests, 0, 0);
  const flags = { valid: true, persistent: false, efi: false, device: 'pxe', firmwareRequests };
  expect(bootFlagsParameter.decode(parameter)).toEqual(flags);
  expect(bootFlagsParameter.encode(bootFlagsParameter.decode(parameter))).toEqual(parameter);
});
