import { randomUUID } from 'node:crypto';
import type { GuestOptions } from '../guest.ts';
import type { Lab } from '../lab.ts';
import type { DomainModel, OnCrash } from './domain-model.ts';

/** A domain of the walk, with what its definition must be. */
export interface WalkDomain {
  readonly name: string;
  readonly index: number;
  readonly onCrash: OnCrash;
  /** A file with the XML that it is defined with, for this generation. */
  originalFile(generation: number): string;
  /** The inactive definition without a boot override, as `virsh dumpxml` prints it. */
  definition(model: DomainModel): string;
  uuid(generation: number): string;
  /** Images of the disks that are attached and detached. */
  readonly configDisk: string;
  readonly liveDisk: string;
  /** The lines that the guest has said. */
  lines(): string[];
}

export interface WalkDomainOptions {
  readonly onCrash: OnCrash;
  /** Of the disk, raw; default: the boot sector of boot-program.ts. */
  readonly diskImage?: Buffer;
}

/** What a domain of the walk has: something to boot from for each device that the walk asks for. */
export function walkGuest(boot: 'os' | 'per-device', memoryMiB?: number): GuestOptions {
  const memory = memoryMiB === undefined ? {} : { memoryMiB };
  return boot === 'os'
    ? { boot: ['hd', 'cdrom', 'network'], cdrom: true, networkCards: [true], panicDevice: true, ...memory }
    : { boot: 'per-device', disk: 2, cdrom: 5, networkCards: [{ mute: 1 }, 3], panicDevice: true, ...memory };
}

/** Gives `node-INDEX` disks that take snapshots, and finds out what its definition then looks like. */
export async function prepareWalkDomain(
  lab: Lab,
  index: number,
  { onCrash, diskImage }: WalkDomainOptions,
): Promise<WalkDomain> {
  const { libvirt } = lab;
  const name = `node-${index}`;
  const folder = `guests/${name}`;
  const raw =
    diskImage === undefined
      ? `${libvirt.directory.path}/${folder}/disk`
      : libvirt.directory.write(`${folder}/disk`, diskImage);
  await qemuImg(lab, ['convert', '-O', 'qcow2', raw, `${raw}.qcow2`]);
  const [configDisk, liveDisk] = [`${raw}.config`, `${raw}.live`];
  for (const file of [configDisk, liveDisk]) await qemuImg(lab, ['create', '-f', 'qcow2', file, '1M']);

  const read = async (): Promise<string> =>
    (await libvirt.virsh('dumpxml', '--inactive', '--security-info', name)).trim();
  const changed = (await read())
    .replace(
      /(device='disk'>\s*<driver name='qemu' type=')raw('\/>\s*<source file='[^']*)/,
      '$1qcow2$2.qcow2',
    )
    .replace(/<on_crash>\w+</, `<on_crash>${onCrash}<`);
  await libvirt.defineDomain(changed);
  const original = await read();
  const attached = await withConfigDisk(lab, name, configDisk, read);
  if ((await read()) !== original)
    throw new Error(`${name}: a disk that was detached has left something behind`);

  const uuids = [(await libvirt.virsh('domuuid', name)).trim()];
  const uuid = (generation: number): string => (uuids[generation] ??= randomUUID());
  const ofGeneration = (xml: string, generation: number): string => xml.replace(uuid(0), uuid(generation));
  return {
    ...{ name, index, onCrash, uuid, configDisk, liveDisk },
    originalFile: (generation) =>
      libvirt.directory.write(`${folder}/original.xml`, ofGeneration(original, generation)),
    definition: ({ disks, generation }) => ofGeneration(disks.config ? attached : original, generation),
    lines: () => lab.serialLog(name).split('\r\n').slice(0, -1),
  };
}

async function withConfigDisk(
  { libvirt }: Lab,
  name: string,
  file: string,
  read: () => Promise<string>,
): Promise<string> {
  await libvirt.virsh(...attachConfig(name, file));
  const attached = await read();
  await libvirt.virsh('detach-disk', name, 'vdb', '--config');
  return attached;
}

export function attachConfig(name: string, file: string): string[] {
  return ['attach-disk', name, file, 'vdb', '--config', '--subdriver', 'qcow2'];
}

async function qemuImg({ libvirt }: Lab, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await libvirt.run('qemu-img', args);
  if (exitCode !== 0) throw new Error(`qemu-img ${args.join(' ')}: ${stderr}`);
}
