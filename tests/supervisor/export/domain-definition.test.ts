import { readDefinition } from '#supervisor/export/domain-definition.ts';

const UUID = '3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11';
function domain(inside: string): string {
  return `<domain type='qemu'><name>x</name><uuid>${UUID}</uuid>
   <memory unit='KiB'>2097152</memory>${inside}</domain>`;
}
function os(inside: string, attributes = ''): string {
  return domain(`<os${attributes}><type arch='x86_64' machine='q35'>hvm</type>${inside}</os>`);
}

test('all facts of a definition', async () => {
  const xml = domain(`
    <vcpu placement='static' current='2'>4</vcpu>
    <os firmware='efi'><type arch='x86_64'>hvm</type></os>
    <devices>
      <disk type='file' device='cdrom'><target dev='sda'/></disk>
      <disk type='file' device='disk'><source file='/x'/><target dev='vda'/></disk>
      <interface type='network'><mac address='52:54:00:AA:00:02'/></interface>
      <interface type='user'><mac address='52:54:00:aa:00:01'/></interface>
    </devices>`);
  expect(await readDefinition(xml)).toEqual({
    facts: {
      uuid: UUID,
      macs: ['52:54:00:aa:00:02', '52:54:00:aa:00:01'],
      cpus: 2,
      memoryMib: 2048,
      architecture: 'x86_64',
      bootMode: 'uefi',
    },
    disk: { target: 'vda' },
  });
});

test.each([
  [os(''), 'bios'],
  [os('', " firmware='efi'"), 'uefi'],
  [os('', " firmware='bios'"), 'bios'],
  [os("<loader readonly='yes' type='pflash'>/OVMF.fd</loader>"), 'uefi'],
  [os("<loader type='rom'>/seabios.bin</loader>"), 'bios'],
  [domain("<os><type arch='aarch64'>hvm</type></os>"), 'uefi'],
])('boot mode of %s', async (xml, bootMode) => {
  expect((await readDefinition(xml))?.facts.bootMode).toBe(bootMode);
});

test('a disk that is a volume of a pool', async () => {
  const xml = domain(
    "<devices><disk type='volume'><source pool='p' volume='v'/><target dev='vdb'/></disk></devices>",
  );
  expect((await readDefinition(xml))?.disk).toEqual({ target: 'vdb', volume: { pool: 'p', name: 'v' } });
});

test.each([
  ["<memory unit='GiB'>3</memory>", 3072],
  ["<memory unit='MB'>1000</memory>", 953],
  ['<memory>1048576</memory>', 1024],
])('%s', async (memory, memoryMib) => {
  const xml = domain('').replace(/<memory.*<\/memory>/, memory);
  expect((await readDefinition(xml))?.facts.memoryMib).toBe(memoryMib);
});

test('characters that XML allows in a title and the XML library does not', async () => {
  const xml = domain('<title>a\ufffdb\u0085c</title>');
  expect((await readDefinition(xml))?.facts.uuid).toBe(UUID);
});

test.each(['', 'error', '<domain>', '<network/>', '<domain/>', '<domain><uuid/></domain'])(
  '%j is no definition',
  async (xml) => {
    expect(await readDefinition(xml)).toBeUndefined();
  },
);
