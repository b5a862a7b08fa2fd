import { absolute, assemble, at, near, text, type Line } from './assembler.ts';
import { bootSector, SECTOR_LENGTH } from './boot-program.ts';

/** The network card of a guest, unless it says otherwise. */
export const NETWORK_CARD_MODEL = 'e1000';

/** Vendor and device of the network cards that a ROM can be for: firmware compares them. */
const pciIds = {
  e1000: [0x86, 0x80, 0x0e, 0x10],
  e1000e: [0x86, 0x80, 0xd3, 0x10],
  virtio: [0xf4, 0x1a, 0x00, 0x10],
} as const;
export type NetworkCardModel = keyof typeof pciIds;

const ROM_SECTORS = 4;
function zeros(count: number): Line {
  return [`times ${count} db 0`, ...new Array<number>(count).fill(0)];
}
function ascii(value: string): Line {
  return [`db '${value}'`, ...Buffer.from(value, 'latin1')];
}

/** PCI Firmware Specification 3.0 §5.1, Plug and Play BIOS Specification 1.0A §3.2. */
function firmware(identity: string, model: NetworkCardModel): Line[] {
  return [
    ['dw 0xaa55', 0x55, 0xaa],
    ['db romSectors', ROM_SECTORS],
    ['jmp initialize', 0xe9, near('initialize')],
    zeros(0x18 - 6),
    ['dw pciStructure', absolute('pciStructure')],
    ['dw plugAndPlayHeader', absolute('plugAndPlayHeader')],

    at('pciStructure'),
    ascii('PCIR'),
    ['vendor, device', ...pciIds[model]],
    ['no vital product data', 0, 0],
    ['dw length of this structure', 0x18, 0],
    ['revision', 0],
    ['class: network controller', 0, 0, 2],
    ['dw romSectors', ROM_SECTORS, 0],
    ['code revision, type x86', 0, 0, 0],
    ['this is the last image', 0x80],
    ['reserved', 0, 0],

    at('plugAndPlayHeader'),
    ascii('$PnP'),
    ['revision, length in 16-byte units', 1, 2],
    ['no further header, reserved', 0, 0, 0],
    ['checksum, filled in below', 0],
    ['device identifier, no manufacturer', 0, 0, 0, 0, 0, 0],
    ['dw name', absolute('name')],
    ['type: network; indicators: initial program load', 2, 0, 0, 0x04],
    ['no boot connection, no disconnect', 0, 0, 0, 0],
    ['dw bootstrap', absolute('bootstrap')],
    ['reserved, no static resources', 0, 0, 0, 0],

    at('initialize'),
    ['mov ax, 0x20 ; "an initial program load device is attached"', 0xb8, 0x20, 0x00],
    ['retf', 0xcb],

    // Where a BIOS calls to boot from this card: the guest's sector goes where it would load one.
    at('bootstrap'),
    ['push cs', 0x0e],
    ['pop ds', 0x1f],
    ['xor ax, ax', 0x31, 0xc0],
    ['mov es, ax', 0x8e, 0xc0],
    ['mov si, 512', 0xbe, 0x00, 0x02],
    ['mov di, 0x7c00', 0xbf, 0x00, 0x7c],
    ['mov cx, 512', 0xb9, 0x00, 0x02],
    ['cld', 0xfc],
    ['rep movsb', 0xf3, 0xa4],
    ['jmp 0x0000:0x7c00', 0xea, 0x00, 0x7c, 0x00, 0x00],

    ...text('name', identity),
  ];
}

/** Offset of the Plug and Play header: it follows a 0x1c-byte ROM header and the PCI structure. */
const PLUG_AND_PLAY_HEADER = 0x1c + 0x18;

/**
 * An option ROM with which a network card "boots from the network" at once and without a network. Quicker
 * and plainer to observe than a real PXE client, which waits for a link and for a DHCP answer.
 */
export function networkBootRom(identity: string, model: NetworkCardModel = NETWORK_CARD_MODEL): Buffer {
  const rom = Buffer.alloc(ROM_SECTORS * SECTOR_LENGTH);
  assemble(0, firmware(identity, model)).copy(rom);
  bootSector(identity).copy(rom, SECTOR_LENGTH);
  rom.writeUInt8(
    negatedSum(rom.subarray(PLUG_AND_PLAY_HEADER, PLUG_AND_PLAY_HEADER + 32)),
    PLUG_AND_PLAY_HEADER + 9,
  );
  rom.writeUInt8(negatedSum(rom), rom.length - 1);
  return rom;
}

/** The byte that makes the bytes of a region add up to 0. */
function negatedSum(region: Buffer): number {
  let sum = 0;
  for (const byte of region) sum += byte;
  return -sum & 0xff;
}
