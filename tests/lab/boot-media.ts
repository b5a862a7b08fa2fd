import { bootSector } from './boot-program.ts';
import { memoryWriterSector } from './memory-writer.ts';

/** Media the guest can boot from. The serial log tells which one it was: each says `boot IDENTITY`. */

/** A hard disk; padded, because a BIOS wants a disk with at least one cylinder. */
export function hardDiskImage(identity: string): Buffer {
  return padded(bootSector(identity), 1024 * 1024);
}

/** A hard disk whose guest writes its memory all the time. */
export function memoryWriterImage(): Buffer {
  return padded(memoryWriterSector(), 1024 * 1024);
}

/** A 1.44 MB floppy: the size is how QEMU tells the format. */
export function floppyImage(identity: string): Buffer {
  return padded(bootSector(identity), 1440 * 1024);
}

export function cdromImage(identity: string): Buffer {
  return elToritoImage(bootSector(identity), 'bios');
}

/** A CD-ROM image that boots from a hard disk too, as those of distributions do. */
export function hybridImage(identity: string): Buffer {
  const image = cdromImage(identity);
  bootSector(identity).copy(image);
  return padded(image, 1024 * 1024);
}

const platformIds = { bios: 0, efi: 0xef } as const;

/** As little of ISO 9660 as firmware reads: the El Torito boot record, its catalog, and the boot image. */
export function elToritoImage(bootImage: Buffer, platform: keyof typeof platformIds): Buffer {
  const block = 2048;
  const [volume, bootRecord, terminator, catalog, start] = [16, 17, 18, 19, 20] as const;
  const image = Buffer.alloc(Math.max(32, start + Math.ceil(bootImage.length / block)) * block);
  image.write('\x01CD001\x01', volume * block, 'latin1');
  image.write('\x00CD001\x01EL TORITO SPECIFICATION', bootRecord * block, 'latin1');
  image.writeUInt32LE(catalog, bootRecord * block + 0x47);
  image.write('\xffCD001\x01', terminator * block, 'latin1');
  const validation = catalog * block;
  image.writeUInt8(1, validation);
  image.writeUInt8(platformIds[platform], validation + 1);
  image.writeUInt16LE(0xaa55, validation + 0x1e);
  // The words of the validation entry must add up to 0.
  const firstWord = 1 + (platformIds[platform] << 8);
  image.writeUInt16LE((0x20000 - (firstWord + 0xaa55)) & 0xffff, validation + 0x1c);
  const entry = validation + 0x20;
  image.writeUInt8(0x88, entry); // bootable, media type 0: no emulation, default load segment
  image.writeUInt16LE(bootImage.length / 512, entry + 6); // sectors to load
  image.writeUInt32LE(start, entry + 8);
  bootImage.copy(image, start * block);
  return image;
}

function padded(content: Buffer, length: number): Buffer {
  const image = Buffer.alloc(length);
  content.copy(image);
  return image;
}
