import { absolute, assemble, at, near, short, text, type Line } from './assembler.ts';

/**
 * The guest: one sector that runs in real mode under SeaBIOS on QEMU's `pc` machine, tells COM1 what
 * happens to it, and obeys the power button. It sleeps until an interrupt; the BIOS timer (18.2 Hz) wakes
 * it to look at the power button and the serial port, so that it costs next to nothing under emulation.
 *
 * What it writes:                        What makes it do so:
 *   boot IDENTITY                          every boot
 *   power button   (then it powers off)    ACPI power button (`virsh shutdown`)
 *   nmi                                    non-maskable interrupt (`virsh inject-nmi`)
 *   guest reboot   (then it resets)        byte `r` on COM1
 *   guest poweroff (then it powers off)    byte `o` on COM1
 *   suspend        (then it sleeps, S3)    byte `s` on COM1; woken, it boots: it leaves no waking vector
 *   panic          (then it is stopped)    byte `p` on COM1, with a pvpanic device
 *   hung           (then obeys nothing)    byte `x` on COM1
 */
function program(identity: string): Line[] {
  return [
    ['cli', 0xfa],
    ['xor ax, ax', 0x31, 0xc0],
    ['mov ds, ax', 0x8e, 0xd8],
    ['mov ss, ax', 0x8e, 0xd0],
    ['mov sp, 0x7c00', 0xbc, 0x00, 0x7c],
    // A CD-ROM is entered at 07c0:0000, a disk at 0000:7c00: make them the same.
    ['jmp 0x0000:main', 0xea, absolute('main'), 0x00, 0x00],

    at('main'),
    ['mov word [2*4], nmi', 0xc7, 0x06, 0x08, 0x00, absolute('nmi')],
    ['mov word [2*4+2], 0', 0xc7, 0x06, 0x0a, 0x00, 0x00, 0x00],
    ['mov si, bootLine', 0xbe, absolute('bootLine')],
    ['call print', 0xe8, near('print')],
    // PIIX4 power management, where SeaBIOS puts it (base 0x600): PM1_EN bit 8 enables the power button.
    ['mov dx, 0x602', 0xba, 0x02, 0x06],
    ['mov ax, 0x0100', 0xb8, 0x00, 0x01],
    ['out dx, ax', 0xef],

    at('idle'),
    ['sti', 0xfb],
    ['hlt', 0xf4],
    // PM1_STS bit 8: the button was pressed.
    ['mov dx, 0x600', 0xba, 0x00, 0x06],
    ['in ax, dx', 0xed],
    ['test ah, 1', 0xf6, 0xc4, 0x01],
    ['jnz powerButton', 0x75, short('powerButton')],
    // COM1 line status bit 0: a byte has come.
    ['mov dx, 0x3fd', 0xba, 0xfd, 0x03],
    ['in al, dx', 0xec],
    ['test al, 1', 0xa8, 0x01],
    ['jz idle', 0x74, short('idle')],
    ['mov dx, 0x3f8', 0xba, 0xf8, 0x03],
    ['in al, dx', 0xec],
    ["cmp al, 'r'", 0x3c, 0x72],
    ['je reboot', 0x74, short('reboot')],
    ["cmp al, 'o'", 0x3c, 0x6f],
    ['je powerOff', 0x74, short('powerOff')],
    ["cmp al, 's'", 0x3c, 0x73],
    ['je suspend', 0x74, short('suspend')],
    ["cmp al, 'p'", 0x3c, 0x70],
    ['je panic', 0x74, short('panic')],
    ["cmp al, 'x'", 0x3c, 0x78],
    ['je hang', 0x74, short('hang')],
    ['jmp idle', 0xeb, short('idle')],

    at('powerButton'),
    ['mov si, powerButtonLine', 0xbe, absolute('powerButtonLine')],
    ['jmp softOff', 0xeb, short('softOff')],

    at('powerOff'),
    ['mov si, powerOffLine', 0xbe, absolute('powerOffLine')],
    at('softOff'),
    // PM1_CNT: sleep enable (bit 13), sleep type (bits 12:10) 0, which is S5 on this machine.
    ['mov bx, 0x2000', 0xbb, 0x00, 0x20],
    ['jmp sleep', 0xeb, short('sleep')],

    at('suspend'),
    ['mov si, suspendLine', 0xbe, absolute('suspendLine')],
    // Sleep type 1: S3.
    ['mov bx, 0x2400', 0xbb, 0x00, 0x24],
    at('sleep'),
    ['call print', 0xe8, near('print')],
    ['mov ax, bx', 0x89, 0xd8],
    ['mov dx, 0x604', 0xba, 0x04, 0x06],
    ['out dx, ax', 0xef],
    ['jmp halt', 0xeb, short('halt')],

    at('panic'),
    ['mov si, panicLine', 0xbe, absolute('panicLine')],
    ['call print', 0xe8, near('print')],
    // pvpanic (qemu docs/specs/pvpanic.txt), bit 0: the guest has panicked.
    ['mov dx, 0x505', 0xba, 0x05, 0x05],
    ['mov al, 1', 0xb0, 0x01],
    ['out dx, al', 0xee],
    ['jmp halt', 0xeb, short('halt')],

    at('reboot'),
    ['mov si, rebootLine', 0xbe, absolute('rebootLine')],
    ['call print', 0xe8, near('print')],
    // PIIX3 reset control: hard reset.
    ['mov dx, 0xcf9', 0xba, 0xf9, 0x0c],
    ['mov al, 6', 0xb0, 0x06],
    ['out dx, al', 0xee],
    ['jmp halt', 0xeb, short('halt')],

    at('hang'),
    ['mov si, hungLine', 0xbe, absolute('hungLine')],
    ['call print', 0xe8, near('print')],
    at('halt'),
    ['cli', 0xfa],
    ['hlt', 0xf4],
    ['jmp halt', 0xeb, short('halt')],

    at('nmi'),
    // It may strike inside the BIOS, where ds is anything.
    ['pusha', 0x60],
    ['push ds', 0x1e],
    ['xor ax, ax', 0x31, 0xc0],
    ['mov ds, ax', 0x8e, 0xd8],
    ['mov si, nmiLine', 0xbe, absolute('nmiLine')],
    ['call print', 0xe8, near('print')],
    ['pop ds', 0x1f],
    ['popa', 0x61],
    ['iret', 0xcf],

    at('print'),
    ['cld', 0xfc],
    ['lodsb', 0xac],
    ['test al, al', 0x84, 0xc0],
    ['jz printed', 0x74, short('printed')],
    ['mov ah, al', 0x88, 0xc4],
    ['mov dx, 0x3fd', 0xba, 0xfd, 0x03],
    at('transmitterBusy'),
    ['in al, dx', 0xec],
    ['test al, 0x20', 0xa8, 0x20],
    ['jz transmitterBusy', 0x74, short('transmitterBusy')],
    ['mov al, ah', 0x88, 0xe0],
    ['mov dx, 0x3f8', 0xba, 0xf8, 0x03],
    ['out dx, al', 0xee],
    ['jmp print', 0xeb, short('print')],
    at('printed'),
    ['ret', 0xc3],

    ...text('bootLine', `boot ${identity}\r\n`),
    ...text('powerButtonLine', 'power button\r\n'),
    ...text('rebootLine', 'guest reboot\r\n'),
    ...text('powerOffLine', 'guest poweroff\r\n'),
    ...text('suspendLine', 'suspend\r\n'),
    ...text('panicLine', 'panic\r\n'),
    ...text('hungLine', 'hung\r\n'),
    ...text('nmiLine', 'nmi\r\n'),
  ];
}

export const SECTOR_LENGTH = 512;

/** Where the BIOS loads a boot sector. */
export const LOAD_ADDRESS = 0x7c00;

/** The boot sector that says `boot IDENTITY` on its serial port. */
export function bootSector(identity: string): Buffer {
  const code = assemble(LOAD_ADDRESS, program(identity));
  if (code.length > SECTOR_LENGTH - 2) throw new Error(`boot identity ${identity} is too long`);
  const sector = Buffer.alloc(SECTOR_LENGTH);
  code.copy(sector);
  sector.writeUInt16LE(0xaa55, SECTOR_LENGTH - 2);
  return sector;
}
