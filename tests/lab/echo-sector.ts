import { absolute, assemble, at, near, short, text, type Line } from './assembler.ts';
import { LOAD_ADDRESS, SECTOR_LENGTH } from './boot-program.ts';

/**
 * A guest that echoes: it says `echo` at its boot, writes back each byte that comes on COM1, whatever it is, and `<break>` for a
 * break. It looks at the port all the time, which keeps a processor busy under emulation: power it off when the test is over.
 */
function program(): Line[] {
  return [
    ['cli', 0xfa],
    ['xor ax, ax', 0x31, 0xc0],
    ['mov ds, ax', 0x8e, 0xd8],
    ['mov ss, ax', 0x8e, 0xd0],
    ['mov sp, 0x7c00', 0xbc, 0x00, 0x7c],
    ['jmp 0x0000:main', 0xea, absolute('main'), 0x00, 0x00],

    at('main'),
    ['mov si, bootLine', 0xbe, absolute('bootLine')],
    at('say'),
    ['call print', 0xe8, near('print')],

    at('wait'),
    // COM1 line status bit 0: a byte has come; bit 4: it is a break.
    ['mov dx, 0x3fd', 0xba, 0xfd, 0x03],
    ['in al, dx', 0xec],
    ['test al, 1', 0xa8, 0x01],
    ['jz wait', 0x74, short('wait')],
    ['mov bl, al', 0x88, 0xc3],
    ['mov dx, 0x3f8', 0xba, 0xf8, 0x03],
    ['in al, dx', 0xec],
    ['mov si, breakLine', 0xbe, absolute('breakLine')],
    ['test bl, 0x10', 0xf6, 0xc3, 0x10],
    ['jnz say', 0x75, short('say')],
    ['call put', 0xe8, near('put')],
    ['jmp wait', 0xeb, short('wait')],

    at('print'),
    ['cld', 0xfc],
    ['lodsb', 0xac],
    ['test al, al', 0x84, 0xc0],
    ['jz printed', 0x74, short('printed')],
    ['call put', 0xe8, near('put')],
    ['jmp print', 0xeb, short('print')],
    at('printed'),
    ['ret', 0xc3],

    at('put'),
    ['mov ah, al', 0x88, 0xc4],
    ['mov dx, 0x3fd', 0xba, 0xfd, 0x03],
    at('transmitterBusy'),
    ['in al, dx', 0xec],
    ['test al, 0x20', 0xa8, 0x20],
    ['jz transmitterBusy', 0x74, short('transmitterBusy')],
    ['mov al, ah', 0x88, 0xe0],
    ['mov dx, 0x3f8', 0xba, 0xf8, 0x03],
    ['out dx, al', 0xee],
    ['ret', 0xc3],

    ...text('bootLine', 'echo\r\n'),
    ...text('breakLine', '<break>'),
  ];
}

export function echoSector(): Buffer {
  const sector = Buffer.alloc(SECTOR_LENGTH);
  assemble(LOAD_ADDRESS, program()).copy(sector);
  sector.writeUInt16LE(0xaa55, SECTOR_LENGTH - 2);
  return sector;
}
