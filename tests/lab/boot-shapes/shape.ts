/** A domain as people define it, and what it must boot from. Pure. */
import type { NetworkCardModel } from '../network-boot-rom.ts';

export type DeviceClass = 'disk' | 'cdrom' | 'floppy' | 'pxe';
export type Firmware =
  | 'seabios'
  /** `<loader>` and `<nvram>`. */
  | 'ovmf'
  /** The same with secure boot: without keys, and with Microsoft's, which our programs are not signed with. */
  | 'ovmf secure'
  | 'ovmf secure, keys'
  /** `<os firmware='efi'>`: libvirt chooses. */
  | 'efi';

export interface Drive {
  readonly class: Exclude<DeviceClass, 'pxe'>;
  readonly bus: 'ide' | 'sata' | 'scsi' | 'virtio' | 'usb' | 'fdc';
  readonly order?: number;
}
export interface Card {
  readonly class: 'pxe';
  readonly model: NetworkCardModel;
  readonly order?: number;
  /** Nobody answers on its network. */
  readonly mute?: true;
}

export interface Shape {
  readonly name: string;
  readonly machine: 'pc' | 'q35';
  readonly firmware: Firmware;
  /** `<os><boot dev>`; without it, `<boot order>` where a device has one. */
  readonly os?: readonly DeviceClass[];
  readonly devices: readonly (Drive | Card)[];
  /** What libvirt keeps of an earlier life of the guest. */
  readonly storage?: 'managed save' | 'snapshot';
}

export type Asked = DeviceClass | 'bios' | 'none';
export interface Request {
  readonly device: Asked;
  readonly persistent: boolean;
}

/** What the guest calls a device: its class, and which of that class it is. */
export function identity({ devices }: Shape, device: Drive | Card): string {
  const same = devices.filter((each) => each.class === device.class);
  return `${device.class === 'pxe' ? 'net' : device.class}${same.indexOf(device)}`;
}

function order({ order: wanted }: Drive | Card): number {
  return wanted ?? Infinity;
}

function isMute(device: Drive | Card): boolean {
  return device.class === 'pxe' && device.mute === true;
}

/** The devices of a class in the order in which firmware tries them, as libvirt has it: with `<os>`, the first only. */
function tried(shape: Shape, wanted: DeviceClass): (Drive | Card)[] {
  const ofClass = shape.devices.filter((each) => each.class === wanted);
  if (shape.os !== undefined || shape.devices.every((each) => each.order === undefined))
    return ofClass.slice(0, 1);
  return ofClass.sort((a, b) => order(a) - order(b));
}

function first(shape: Shape, candidates: readonly (Drive | Card)[]): string | undefined {
  const bootable = candidates.find((each) => !isMute(each));
  return bootable && identity(shape, bootable);
}

/** The boot order as the domain is defined. */
function usualOrder(shape: Shape): (Drive | Card)[] {
  if (shape.os !== undefined) return shape.os.flatMap((each) => tried(shape, each));
  const ordered = shape.devices
    .filter((each) => each.order !== undefined)
    .sort((a, b) => order(a) - order(b));
  // libvirt puts <boot dev='hd'/> where there is nothing.
  return ordered.length > 0 ? ordered : tried(shape, 'disk');
}

/** What the domain boots from as it is defined. */
export function usualBoot(shape: Shape): string | undefined {
  return first(shape, usualOrder(shape));
}

/** The second entry of SeaBIOS's boot menu: a card that nobody answers is none. */
export function secondBoot(shape: Shape): string | undefined {
  const [, second] = usualOrder(shape).filter((each) => !isMute(each));
  return second && identity(shape, second);
}

/** What it boots from when this was asked for: `refused` if it has no such device. */
export function expectedBoot(shape: Shape, asked: Exclude<Asked, 'bios'>): string | undefined {
  if (asked === 'none') return usualBoot(shape);
  const candidates = tried(shape, asked);
  return candidates.length === 0 ? 'refused' : (first(shape, candidates) ?? usualBoot(shape));
}
