/** Domains of all shapes on one private libvirt, each with a BMC. None of them runs. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { ipmiClients } from '#support/clients/ipmi-clients.ts';
import { cdromImage, floppyImage, hardDiskImage, hybridImage } from '../boot-media.ts';
import type { LabBmc } from '../inventory-text.ts';
import { networkBootRom } from '../network-boot-rom.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '../private-libvirt.ts';
import type { CommandResult } from '../run-command.ts';
import { planBmcs, startLabVbmcd } from '../vbmcd.ts';
import { efiCdromImage, efiDiskImage } from './efi-media.ts';
import { identity, type Card, type Drive, type Shape } from './shape.ts';
import { shapeXml, type ShapeFiles } from './shape-xml.ts';

export interface ShapeDomain {
  readonly name: string;
  readonly shape: Shape;
  virsh(verb: string, ...args: readonly string[]): Promise<string>;
  ipmitool(...args: readonly string[]): Promise<CommandResult>;
  /** The inactive definition, secrets included. */
  definition(): Promise<string>;
  /** What firmware and guest have written, without what moves a cursor. */
  text(): string;
  /** The whole lines of it. */
  lines(): string[];
  /** Types into the guest's COM1. */
  type(bytes: string): Promise<void>;
}

export interface ShapeLab {
  readonly libvirt: PrivateLibvirt;
  readonly domains: readonly ShapeDomain[];
  stop(): Promise<void>;
}

export async function startShapeLab(shapes: readonly Shape[]): Promise<ShapeLab> {
  const libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  try {
    const names = shapes.map((_, index) => `shape-${index}`);
    const files = shapes.map((shape, index) => shapeFiles(libvirt, `shape-${index}`, shape));
    for (const [index, shape] of shapes.entries()) {
      const { media, ...rest } = files[index] ?? unreachable();
      const converted = shape.storage === 'snapshot' ? await withSnapshots(libvirt, shape, media) : media;
      await libvirt.defineDomain(shapeXml(`shape-${index}`, shape, { ...rest, media: converted }));
    }
    const bmcs = await planBmcs(names);
    await startLabVbmcd(libvirt, bmcs);
    const domains = shapes.map((shape, index) =>
      shapeDomain(libvirt, shape, bmcs[index] ?? unreachable(), files[index] ?? unreachable()),
    );
    return { libvirt, domains, stop: () => libvirt.stop() };
  } catch (error) {
    await libvirt.stop();
    throw error;
  }
}

/** Whether libvirt takes a definition of this shape; otherwise what it says. */
export async function refusalOf(libvirt: PrivateLibvirt, shape: Shape): Promise<string | undefined> {
  try {
    await libvirt.defineDomain(shapeXml('refused', shape, shapeFiles(libvirt, 'refused', shape)));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function unreachable(): never {
  throw new Error('there is one of each for each shape');
}

function shapeFiles({ directory }: PrivateLibvirt, name: string, shape: Shape): ShapeFiles {
  const folder = `guests/${name}`;
  return {
    media: shape.devices.map((device) => {
      const image = mediumOf(shape, device);
      return image && directory.write(`${folder}/${identity(shape, device)}`, image);
    }),
    serialSocket: `${directory.path}/${folder}/com1`,
    serialLog: directory.write(`${folder}/serial.log`, ''),
    nvram: `${directory.path}/${folder}/nvram`,
  };
}

function mediumOf(shape: Shape, device: Drive | Card): Buffer | undefined {
  const said = identity(shape, device);
  const isEfi = shape.firmware !== 'seabios';
  switch (device.class) {
    case 'disk':
      return isEfi ? efiDiskImage(said) : hardDiskImage(said);
    case 'cdrom':
      if (isEfi) return efiCdromImage(said);
      // libvirt 9 gives QEMU a USB CD-ROM as usb-storage with a block device, which the guest sees as a hard disk.
      return device.bus === 'usb' ? hybridImage(said) : cdromImage(said);
    case 'floppy':
      return floppyImage(said);
    case 'pxe':
      return isEfi || device.mute === true ? undefined : networkBootRom(said, device.model);
  }
}

/** A raw image takes no snapshot inside itself. */
async function withSnapshots(
  libvirt: PrivateLibvirt,
  shape: Shape,
  media: ShapeFiles['media'],
): Promise<ShapeFiles['media']> {
  return Promise.all(
    media.map(async (file, index) => {
      if (file === undefined || shape.devices[index]?.class !== 'disk') return file;
      const converted = `${file}.qcow2`;
      const { exitCode, stderr } = await libvirt.run('qemu-img', ['convert', '-O', 'qcow2', file, converted]);
      if (exitCode !== 0) throw new Error(`qemu-img convert: ${stderr}`);
      return converted;
    }),
  );
}

/** What a terminal does not show: firmware writes to COM1 as to one. */
const cursorMovements = /\p{Cc}\[[0-9;=?]*[a-zA-Z]/gu;

function shapeDomain(
  libvirt: PrivateLibvirt,
  shape: Shape,
  bmc: LabBmc,
  { serialLog, serialSocket }: ShapeFiles,
): ShapeDomain {
  const clients = ipmiClients(libvirt);
  const { domain: name } = bmc;
  const text = (): string => readFileSync(serialLog, 'latin1').replace(cursorMovements, '');
  return {
    ...{ name, shape },
    virsh: (verb, ...args) => libvirt.virsh(verb, name, ...args),
    ipmitool: (...args) => clients.ipmitool(bmc, args, { retryIntervalSeconds: 20, tries: 3 }),
    definition: () => libvirt.virsh('dumpxml', '--inactive', '--security-info', name),
    text,
    lines: () => text().split('\r\n').slice(0, -1),
    type: async (bytes) => {
      const com1 = connect(serialSocket);
      com1.end(bytes);
      com1.resume();
      await once(com1, 'close');
    },
  };
}
