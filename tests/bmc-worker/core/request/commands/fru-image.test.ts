import fc from 'fast-check';
import { checksum } from '@vbmc/ipmi-codec';
import { fruImage } from '#worker/core/request/commands/storage/fru-image.ts';
import type { DomainInventory } from '#worker/core/terms/domain-inventory.ts';

/** The texts of the area at `at`, read as the FRU definition says, and checked on the way. */
function textsOf(image: Uint8Array, at: number, skipped: number): string[] {
  const area = image.subarray(at, at + (image[at + 1] ?? 0) * 8);
  expect(checksum(area)).toBe(0);
  const texts: string[] = [];
  let offset = skipped;
  for (; area[offset] !== 0xc1; offset += 1 + ((area[offset] ?? 0) & 0x3f)) {
    expect((area[offset] ?? 0) >>> 6).toBe(3);
    const length = (area[offset] ?? 0) & 0x3f;
    texts.push(Buffer.from(area.subarray(offset + 1, offset + 1 + length)).toString('latin1'));
    if (offset > area.length) throw new Error('no end of fields');
  }
  return texts;
}

function read(image: Uint8Array) {
  const [version, , chassis = 0, board = 0, product = 0] = image;
  expect(version).toBe(1);
  expect(checksum(image.subarray(0, 8))).toBe(0);
  return {
    chassis: textsOf(image, chassis * 8, 3),
    board: board === 0 ? undefined : textsOf(image, board * 8, 6),
    product: textsOf(image, product * 8, 3),
  };
}

const machine = { manufacturer: 'QEMU', product: 'Standard PC (Q35 + ICH9, 2009)', version: 'pc-q35-7.2' };
const plain: DomainInventory = {
  domainName: 'node-0',
  uuid: '1eacf401-dae1-4a97-96e9-e699bfe3c19c',
  system: machine,
  chassis: { manufacturer: 'QEMU', version: 'pc-q35-7.2' },
};

test('a machine without strings of its own: QEMU’s, the UUID for a serial number, no board', () => {
  expect(read(fruImage(plain, ''))).toEqual({
    chassis: ['pc-q35-7.2', ''],
    board: undefined,
    product: [
      ...['QEMU', machine.product, '', 'pc-q35-7.2', '1eacf401-dae1-4a97-96e9-e699bfe3c19c', '', ''],
      'domain node-0',
    ],
  });
});

test('everything that a definition can say', () => {
  const whole: DomainInventory = {
    ...plain,
    title: 'Knoten 0, Österreich',
    system: { manufacturer: 'ACME', product: 'Roadrunner', version: '3', serial: 'S1', sku: 'K1' },
    baseBoard: { manufacturer: 'ACME', product: 'Board', version: 'B', serial: 'BS', asset: 'BA' },
    chassis: { serial: 'CS', sku: 'CK', asset: 'CA' },
  };
  // A text of one character would end the list.
  expect(read(fruImage(whole, 'R7-U12'))).toEqual({
    chassis: ['CK', 'CS'],
    board: ['ACME', 'Board', 'BS', 'B ', ''],
    product: ['ACME', 'Roadrunner', 'K1', '3 ', 'S1', 'R7-U12', '', 'domain node-0', 'Knoten 0, Österreich'],
  });
});

test('whatever the strings are, the image can be read and has no other field', () => {
  const text = fc.option(fc.string({ unit: 'binary', maxLength: 100 }), { nil: undefined });
  const strings = fc.record({ manufacturer: text, product: text, version: text, serial: text, sku: text });
  fc.assert(
    fc.property(strings, strings, fc.boolean(), text, (system, board, hasBoard, title) => {
      const inventory = { ...plain, system, chassis: board, ...(hasBoard && { baseBoard: board }), title };
      const found = read(fruImage(inventory as DomainInventory, 'tag'));
      expect(found.chassis).toHaveLength(2);
      expect(found.board?.length).toBe(hasBoard ? 5 : undefined);
      expect(found.product).toHaveLength(title === undefined ? 8 : 9);
    }),
  );
});
