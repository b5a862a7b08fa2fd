/** Media that UEFI firmware boots, from a file system with one program. It says what the guest of boot-program.ts says. */
import { elToritoImage } from '../boot-media.ts';

const SECTOR = 512;

function lines(code: readonly (readonly number[])[]): Buffer {
  return Buffer.from(code.flat());
}

/**
 * The program: it says `boot IDENTITY` on COM1, and resets the machine when it reads `r` there. It keeps interrupts off,
 * because the firmware's own driver would take what is typed.
 */
function program(identity: string): Buffer {
  // Each lea is followed by the distance to its text, from the end of the instruction.
  const lea = (from: number, to: number): number[] => [0x48, 0x8d, 0x35, ...int32(to - (from + 7))];
  const call = (from: number, to: number): number[] => [0xe8, ...int32(to - (from + 5))];
  const PRINT = 0x40;
  const BOOT_LINE = 0x80;
  const REBOOT_LINE = 0xc0;
  const main = lines([
    [0xfa], // cli
    lea(0x01, BOOT_LINE),
    call(0x08, PRINT),
    // 0x0d: COM1 line status bit 0: a byte has come.
    [0x66, 0xba, 0xfd, 0x03, 0xec], // mov dx, 0x3fd; in al, dx
    [0xa8, 0x01, 0x74, 0xf7], // test al, 1; jz 0x0d
    [0x66, 0xba, 0xf8, 0x03, 0xec], // mov dx, 0x3f8; in al, dx
    [0x3c, 0x72, 0x75, 0xee], // cmp al, 'r'; jne 0x0d
    lea(0x1f, REBOOT_LINE),
    call(0x26, PRINT),
    [0x66, 0xba, 0xf9, 0x0c, 0xb0, 0x06, 0xee], // mov dx, 0xcf9; mov al, 6; out dx, al
    [0xf4, 0xeb, 0xfd], // hlt; jmp to it
  ]);
  const print = lines([
    [0xac, 0x84, 0xc0, 0x74, 0x14], // lodsb; test al, al; jz ret
    [0x88, 0xc4], // mov ah, al
    [0x66, 0xba, 0xfd, 0x03, 0xec], // mov dx, 0x3fd; in al, dx
    [0xa8, 0x20, 0x74, 0xfb], // test al, 0x20; jz in
    [0x88, 0xe0, 0x66, 0xba, 0xf8, 0x03, 0xee], // mov al, ah; mov dx, 0x3f8; out dx, al
    [0xeb, 0xe7], // jmp to the beginning
    [0xc3], // ret
  ]);
  const code = Buffer.alloc(SECTOR);
  main.copy(code);
  print.copy(code, PRINT);
  code.write(`boot ${identity}\r\n\0`, BOOT_LINE, 'latin1');
  code.write('guest reboot\r\n\0', REBOOT_LINE, 'latin1');
  return code;
}

function int32(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return [...bytes];
}

/** As little of PE32+ as firmware reads: one section, and code that runs wherever it is loaded. */
function efiApplication(identity: string): Buffer {
  const code = program(identity);
  const [peHeader, optionalHeader, section] = [0x40, 0x58, 0x148];
  const image = Buffer.alloc(SECTOR + code.length);
  image.write('MZ', 0, 'latin1');
  image.writeUInt32LE(peHeader, 0x3c);
  image.write('PE\0\0', peHeader, 'latin1');
  image.writeUInt16LE(0x8664, peHeader + 4); // machine: x86-64
  image.writeUInt16LE(1, peHeader + 6); // sections
  image.writeUInt16LE(section - optionalHeader, peHeader + 20);
  image.writeUInt16LE(0x022, peHeader + 22); // executable, large addresses
  image.writeUInt16LE(0x20b, optionalHeader); // PE32+
  image.writeUInt32LE(code.length, optionalHeader + 4);
  image.writeUInt32LE(0x1000, optionalHeader + 16); // entry point
  image.writeUInt32LE(0x1000, optionalHeader + 20); // base of code
  image.writeUInt32LE(0x1000, optionalHeader + 32); // alignment in memory
  image.writeUInt32LE(SECTOR, optionalHeader + 36); // and in the file
  image.writeUInt32LE(0x2000, optionalHeader + 56); // size in memory
  image.writeUInt32LE(SECTOR, optionalHeader + 60); // size of the headers
  image.writeUInt16LE(10, optionalHeader + 68); // subsystem: EFI application
  image.writeUInt32LE(16, optionalHeader + 108); // directories
  image.write('.text', section, 'latin1');
  image.writeUInt32LE(code.length, section + 8);
  image.writeUInt32LE(0x1000, section + 12);
  image.writeUInt32LE(code.length, section + 16);
  image.writeUInt32LE(SECTOR, section + 20);
  image.writeUInt32LE(0xe0000020, section + 36); // code; execute, read, write
  code.copy(image, SECTOR);
  return image;
}

/** A 1.44 MB FAT12 file system with EFI/BOOT/BOOTX64.EFI. */
function fileSystem(identity: string): Buffer {
  const image = Buffer.alloc(1440 * 1024);
  const [fats, root, data] = [SECTOR, 19 * SECTOR, 33 * SECTOR];
  Buffer.from([0xeb, 0x3c, 0x90]).copy(image);
  image.write('MSDOS5.0', 3, 'latin1');
  image.writeUInt16LE(SECTOR, 11);
  image.writeUInt8(1, 13); // sectors in a cluster
  image.writeUInt16LE(1, 14); // reserved sectors
  image.writeUInt8(2, 16); // file allocation tables
  image.writeUInt16LE(224, 17); // entries of the root directory
  image.writeUInt16LE(2880, 19); // sectors
  image.writeUInt8(0xf0, 21);
  image.writeUInt16LE(9, 22); // sectors of a table
  image.writeUInt16LE(18, 24);
  image.writeUInt16LE(2, 26);
  image.writeUInt8(0x29, 38);
  image.write('NO NAME    FAT12   ', 43, 'latin1');
  image.writeUInt16LE(0xaa55, 510);

  const file = efiApplication(identity);
  // Clusters 0 and 1 are reserved; 2 and 3 are the directories; 4 and 5 the file.
  const chain = [0xff0, 0xfff, 0xfff, 0xfff, 5, 0xfff];
  for (const table of [fats, fats + 9 * SECTOR]) {
    for (let pair = 0; pair < chain.length; pair += 2) {
      image.writeUIntLE((chain[pair] ?? 0) | ((chain[pair + 1] ?? 0) << 12), table + (pair / 2) * 3, 3);
    }
  }
  const entry = (at: number, name: string, attributes: number, cluster: number, length: number): void => {
    image.write(name.padEnd(11), at, 'latin1');
    image.writeUInt8(attributes, at + 11);
    image.writeUInt16LE(cluster, at + 26);
    image.writeUInt32LE(length, at + 28);
  };
  const DIRECTORY = 0x10;
  entry(root, 'EFI', DIRECTORY, 2, 0);
  entry(data, '.', DIRECTORY, 2, 0);
  entry(data + 32, '..', DIRECTORY, 0, 0);
  entry(data + 64, 'BOOT', DIRECTORY, 3, 0);
  entry(data + SECTOR, '.', DIRECTORY, 3, 0);
  entry(data + SECTOR + 32, '..', DIRECTORY, 2, 0);
  entry(data + SECTOR + 64, 'BOOTX64 EFI', 0x20, 4, file.length);
  file.copy(image, data + 2 * SECTOR);
  return image;
}

export function efiDiskImage(identity: string): Buffer {
  return fileSystem(identity);
}

export function efiCdromImage(identity: string): Buffer {
  return elToritoImage(fileSystem(identity), 'efi');
}
