/** What the matrix of shapes holds against what has really booted. */
import { expectedBoot, identity, secondBoot, usualBoot, type Shape } from './shape.ts';
import { describeRequest, requestsFor, shapes } from './shapes.ts';

function named(name: string): Shape {
  const shape = shapes.find((each) => each.name === name);
  if (shape === undefined) throw new Error(`no shape ${name}`);
  return shape;
}

test.each([
  ['pc, no boot element, ide', 'disk0', { pxe: 'net0', disk: 'disk0', cdrom: 'cdrom0', floppy: 'refused' }],
  ['pc, <os> network hd, floppy', 'net0', { pxe: 'net0', disk: 'disk0', floppy: 'floppy0' }],
  ['pc, <os> hd, no network card', 'disk0', { pxe: 'refused' }],
  [
    'pc, per device with gaps, scsi',
    'net0',
    { pxe: 'net0', disk: 'disk0', cdrom: 'cdrom0', floppy: 'floppy0' },
  ],
  // Order 1 is a card that nobody answers, order 2 the second disk; the first disk has none.
  ['pc, several of each', 'disk1', { pxe: 'net1', disk: 'disk1', cdrom: 'cdrom0' }],
  ['pc, per device, usb', 'cdrom0', { pxe: 'net0', disk: 'disk0' }],
] as const)('%s: %s', (name, usual, asked) => {
  const shape = named(name);
  expect(usualBoot(shape)).toBe(usual);
  expect(expectedBoot(shape, 'none')).toBe(usual);
  for (const [device, wanted] of Object.entries(asked))
    expect([device, expectedBoot(shape, device as keyof typeof asked)]).toEqual([device, wanted]);
});

test('a card that nobody answers falls through to what boots usually', () => {
  const shape: Shape = {
    ...named('pc, <os> hd'),
    devices: [
      { class: 'disk', bus: 'ide' },
      { class: 'pxe', model: 'e1000', mute: true },
    ],
  };
  expect(expectedBoot(shape, 'pxe')).toBe('disk0');
});

test.each([
  ['pc, <os> hd', undefined],
  ['pc, <os> network hd, floppy', 'disk0'],
  ['pc, per device with gaps, scsi', 'disk0'],
  // Of the orders 1 (nobody answers), 2, 3, 4 and 6.
  ['pc, several of each', 'net1'],
] as const)("%s: the second in SeaBIOS's boot menu is %s", (name, second) => {
  const shape = named(name);
  expect(secondBoot(shape)).toBe(second);
  expect(requestsFor(shape).map(describeRequest).includes('bios once')).toBe(second !== undefined);
});

test('each device of a shape has its own name, and each shape too', () => {
  for (const shape of shapes) {
    const names = shape.devices.map((device) => identity(shape, device));
    expect(new Set(names).size).toBe(names.length);
  }
  expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length);
});
