import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { cdromImage, floppyImage, hardDiskImage } from './boot-media.ts';
import { domainXml, type DomainDescription } from './domain-xml.ts';
import { networkBootRom } from './network-boot-rom.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';

/** A defined QEMU domain that runs the guest program of boot-program.ts. */
export interface Guest {
  readonly name: string;
  readonly uuid: string;
  /** Everything the guest has printed since it was defined, over all its starts. */
  serialLog(): string;
  /** The file where that is kept. */
  readonly serialLogFile: string;
  /** Sends bytes to the guest's COM1, see boot-program.ts. Not with a pseudo terminal. */
  type(bytes: string): Promise<void>;
}

export interface GuestOptions {
  readonly uuid?: string;
  readonly memoryMiB?: number;
  /** Default: `<os><boot dev='hd'/>`. */
  readonly boot?: DomainDescription['boot'];
  /** Numbers are for `boot: 'per-device'`. `true`: there is one, without a number. Default: a disk. */
  readonly disk?: number | boolean;
  readonly cdrom?: number | boolean;
  readonly floppy?: number | boolean;
  /**
   * One for each network card; the first says `boot net0`, and so on. A `mute` one has nothing to boot: firmware
   * goes on, as it does when no server answers PXE.
   */
  readonly networkCards?: readonly (number | true | { readonly mute: number })[];
  readonly serial?: 'socket' | 'pty';
  readonly panicDevice?: boolean;
  readonly extra?: string;
}

/** Makes boot media for a guest and defines it, shut off. */
export async function defineGuest(
  libvirt: PrivateLibvirt,
  name: string,
  options: GuestOptions = {},
): Promise<Guest> {
  const { directory } = libvirt;
  const folder = `guests/${name}`;
  const uuid = options.uuid ?? randomUUID();
  const serialLogFile = directory.write(`${folder}/serial.log`, '');
  const socket = `${directory.path}/${folder}/com1`;
  const medium = (device: 'disk' | 'cdrom' | 'floppy', wanted: number | boolean, image: Buffer) =>
    wanted === false
      ? {}
      : { [device]: { file: directory.write(`${folder}/${device}`, image), ...order(wanted) } };

  const networkCards = (options.networkCards ?? []).map((wanted, index) =>
    typeof wanted === 'object'
      ? order(wanted.mute)
      : {
          rom: directory.write(`${folder}/net${index}.rom`, networkBootRom(`net${index}`)),
          ...order(wanted),
        },
  );
  await libvirt.defineDomain(
    domainXml({
      name,
      uuid,
      boot: options.boot ?? ['hd'],
      serial: options.serial === 'pty' ? 'pty' : { socket },
      serialLog: serialLogFile,
      networkCards,
      ...medium('disk', options.disk ?? true, hardDiskImage('disk')),
      ...medium('cdrom', options.cdrom ?? false, cdromImage('cdrom')),
      ...medium('floppy', options.floppy ?? false, floppyImage('floppy')),
      ...(options.memoryMiB === undefined ? {} : { memoryMiB: options.memoryMiB }),
      ...(options.panicDevice === undefined ? {} : { panicDevice: options.panicDevice }),
      ...(options.extra === undefined ? {} : { extra: options.extra }),
    }),
  );
  return {
    name,
    uuid,
    serialLogFile,
    serialLog: () => readFileSync(serialLogFile, 'latin1'),
    type: async (bytes) => {
      const com1 = connect(socket);
      com1.end(bytes);
      com1.resume();
      await once(com1, 'close');
    },
  };
}

function order(wanted: number | boolean): { bootOrder?: number } {
  return typeof wanted === 'number' ? { bootOrder: wanted } : {};
}
