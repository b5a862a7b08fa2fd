/**
 * A guest that says `writing` on COM1 and then writes 14 MiB of its memory over and over, each time with other values: a live
 * migration has much to copy.
 */
import { absolute, assemble, at, short, text, type Line } from './assembler.ts';
import { LOAD_ADDRESS, SECTOR_LENGTH } from './boot-program.ts';

const program: readonly Line[] = [
  ['xor ax, ax', 0x31, 0xc0],
  ['mov ds, ax', 0x8e, 0xd8],
  ['cld', 0xfc],
  ['mov si, line', 0xbe, absolute('line')],
  ['mov dx, 0x3f8', 0xba, 0xf8, 0x03],
  at('print'),
  ['lodsb', 0xac],
  ['test al, al', 0x84, 0xc0],
  ['jz fill', 0x74, short('fill')],
  ['out dx, al', 0xee],
  ['jmp print', 0xeb, short('print')],

  // 64 KiB at 1000:0000, which the BIOS then copies to each 64 KiB from 1 MiB to 15 MiB.
  at('fill'),
  ['inc bp', 0x45],
  ['mov ax, 0x1000', 0xb8, 0x00, 0x10],
  ['mov es, ax', 0x8e, 0xc0],
  ['xor di, di', 0x31, 0xff],
  ['mov cx, 0x8000', 0xb9, 0x00, 0x80],
  ['mov ax, bp', 0x89, 0xe8],
  ['rep stosw', 0xf3, 0xab],
  ['mov byte [target], 0x10', 0xc6, 0x06, absolute('target'), 0x10],
  at('copy'),
  // INT 15h, function 87h: CX words, as the descriptors at ES:SI say.
  ['xor ax, ax', 0x31, 0xc0],
  ['mov es, ax', 0x8e, 0xc0],
  ['mov si, descriptors', 0xbe, absolute('descriptors')],
  ['mov cx, 0x8000', 0xb9, 0x00, 0x80],
  ['mov ah, 0x87', 0xb4, 0x87],
  ['int 0x15', 0xcd, 0x15],
  ['inc byte [target]', 0xfe, 0x06, absolute('target')],
  ['cmp byte [target], 0xf0', 0x80, 0x3e, absolute('target'), 0xf0],
  ['jb copy', 0x72, short('copy')],
  ['jmp fill', 0xeb, short('fill')],

  ...text('line', 'writing\r\n'),
  // Two that the BIOS fills in; source and target: limit, bits 0 to 23 of the address, access; two more for the BIOS.
  at('descriptors'),
  ['times 16 db 0', ...new Array<number>(16).fill(0)],
  ['dw 0xffff; db 0, 0, 0x01, 0x93; dw 0', 0xff, 0xff, 0, 0, 0x01, 0x93, 0, 0],
  ['dw 0xffff; db 0, 0', 0xff, 0xff, 0, 0],
  at('target'),
  ['db 0x10, 0x93; dw 0', 0x10, 0x93, 0, 0],
  ['times 16 db 0', ...new Array<number>(16).fill(0)],
];

export function memoryWriterSector(): Buffer {
  const sector = Buffer.alloc(SECTOR_LENGTH);
  assemble(LOAD_ADDRESS, program).copy(sector);
  sector.writeUInt16LE(0xaa55, SECTOR_LENGTH - 2);
  return sector;
}
