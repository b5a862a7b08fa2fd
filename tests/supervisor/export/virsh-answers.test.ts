import { readCapacityGib, readDiskGib, splitDefinition } from '#supervisor/export/virsh-answers.ts';

test('the table of disks behind a definition', () => {
  const text = `<domain>\n</domain>\n\n Target   Capacity      Allocation   Physical
---------------------------------------------------
 vda      10737418240   200704       10737418240
 vdb      -             -            -
 vdc      1048576       0            0\n`;
  const { xml, rest } = splitDefinition(text);
  expect(xml).toBe('<domain>\n</domain>');
  expect(['vda', 'vdb', 'vdc', 'vdd'].map((target) => readDiskGib(rest, target))).toEqual([
    10,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ['Capacity:       21474836479\nAllocation:     0\n', 19],
  ['Name:           v\nType:           file\nCapacity:       1073741824 bytes\n', 1],
  ['Capacity:       1048576\n', undefined],
  ['', undefined],
])('%j', (text, gib) => {
  expect(readCapacityGib(text)).toBe(gib);
});
