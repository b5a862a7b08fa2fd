/** The shapes of the matrix: each firmware, boot style, bus and kind of stored state at least once, not their product. */
import { secondBoot, type Card, type Drive, type Request, type Shape } from './shape.ts';

function disk(bus: Drive['bus'], order?: number): Drive {
  return { class: 'disk', bus, ...(order !== undefined && { order }) };
}
function cdrom(bus: Drive['bus'], order?: number): Drive {
  return { class: 'cdrom', bus, ...(order !== undefined && { order }) };
}
function floppy(order?: number): Drive {
  return { class: 'floppy', bus: 'fdc', ...(order !== undefined && { order }) };
}
function card(model: Card['model'], order?: number): Card {
  return { class: 'pxe', model, ...(order !== undefined && { order }) };
}

const pc = { machine: 'pc', firmware: 'seabios' } as const;
const q35 = { machine: 'q35', firmware: 'seabios' } as const;
function usual(): (Drive | Card)[] {
  return [disk('ide'), cdrom('ide'), card('e1000')];
}
const efi = [disk('sata'), cdrom('sata'), card('virtio')];

export const shapes: readonly Shape[] = [
  { ...pc, name: 'pc, no boot element, ide', devices: usual() },
  { ...pc, name: 'pc, <os> hd', os: ['disk'], devices: usual() },
  { ...pc, name: 'pc, <os> network hd, floppy', os: ['pxe', 'disk'], devices: [...usual(), floppy()] },
  { ...pc, name: 'pc, <os> hd, no network card', os: ['disk'], devices: [disk('ide'), cdrom('ide')] },
  { ...pc, name: 'pc, per device, virtio', devices: [disk('virtio', 1), cdrom('ide', 2), card('virtio', 3)] },
  {
    ...pc,
    name: 'pc, per device with gaps, scsi',
    devices: [disk('scsi', 7), cdrom('scsi', 20), card('e1000', 3), floppy(90)],
  },
  {
    ...pc,
    name: 'pc, several of each',
    devices: [
      ...[disk('virtio'), disk('ide', 2), disk('virtio', 4), cdrom('ide', 6), cdrom('ide')],
      { ...card('e1000', 1), mute: true },
      card('virtio', 3),
    ],
  },
  {
    ...pc,
    name: 'pc, <os> hd cdrom network, several',
    os: ['disk', 'cdrom', 'pxe'],
    devices: [...usual(), ...usual()],
  },
  { ...pc, name: 'pc, per device, usb', devices: [disk('usb', 2), cdrom('usb', 1), card('e1000')] },
  { ...pc, name: 'pc, <os> hd, managed save', os: ['disk'], devices: usual(), storage: 'managed save' },
  {
    ...pc,
    name: 'pc, per device, managed save',
    devices: [disk('virtio', 1), cdrom('ide'), card('e1000', 2)],
    storage: 'managed save',
  },
  { ...pc, name: 'pc, <os> hd, snapshot', os: ['disk'], devices: usual(), storage: 'snapshot' },
  { ...q35, name: 'q35, no boot element, sata', devices: [disk('sata'), cdrom('sata'), card('e1000e')] },
  {
    ...q35,
    name: 'q35, <os> hd network, virtio',
    os: ['disk', 'pxe'],
    devices: [disk('virtio'), cdrom('sata'), card('e1000e')],
  },
  {
    ...q35,
    name: 'q35, per device, scsi',
    devices: [disk('scsi', 1), cdrom('sata', 3), card('e1000e', 2)],
  },
  {
    ...q35,
    name: 'q35, per device, managed save',
    devices: [disk('sata', 1), cdrom('sata', 3), card('e1000e', 2)],
    storage: 'managed save',
  },
  { name: 'OVMF, <os> hd', machine: 'q35', firmware: 'ovmf', os: ['disk'], devices: efi },
  {
    name: 'OVMF, per device, virtio and scsi',
    machine: 'q35',
    firmware: 'ovmf',
    devices: [disk('virtio', 1), cdrom('scsi', 2), card('virtio', 3)],
  },
  { name: 'OVMF secure boot, no keys', machine: 'q35', firmware: 'ovmf secure', os: ['disk'], devices: efi },
  {
    name: 'OVMF secure boot, keys',
    machine: 'q35',
    firmware: 'ovmf secure, keys',
    os: ['disk'],
    devices: efi,
  },
  {
    name: "firmware='efi'",
    machine: 'q35',
    firmware: 'efi',
    devices: [disk('sata', 1), cdrom('sata', 2), card('virtio', 3)],
  },
];

/** Defined and refused by libvirt itself; named so that the table shows it. */
export const equalOrders: Shape = {
  ...pc,
  name: 'pc, two devices with the same order',
  devices: [disk('ide', 1), cdrom('ide', 1)],
};

/** What cannot be defined or started on this machine, with the reason. */
export const notTried: readonly (readonly [what: string, reason: string])[] = [
  ['nvme', 'libvirt 9 emulates no NVMe disk: a disk of type nvme is a PCI device of the host'],
  ['hostdev', 'there is no IOMMU, and nothing to pass through'],
];

function once(device: Request['device']): Request {
  return { device, persistent: false };
}
function always(device: Request['device']): Request {
  return { device, persistent: true };
}

/** UEFI takes its time: fewer requests. SeaBIOS's boot menu shows something only where it offers a choice. */
export function requestsFor(shape: Shape): readonly Request[] {
  const { firmware, storage, devices } = shape;
  const setup = firmware === 'seabios' && secondBoot(shape) === undefined ? [] : [once('bios')];
  const few = [once('none'), once('pxe'), once('cdrom'), always('cdrom'), ...setup];
  if (firmware !== 'seabios') return few;
  if (storage !== undefined) return [...few, once('disk')];
  const hasFloppy = devices.some((each) => each.class === 'floppy');
  return [
    ...[once('none'), once('pxe'), once('disk'), once('cdrom'), once('floppy'), ...setup],
    ...[always('pxe'), always('cdrom'), always('disk'), ...(hasFloppy ? [always('floppy')] : [])],
  ];
}

export function describeRequest({ device, persistent }: Request): string {
  return `${device}${device === 'none' ? '' : persistent ? ' persistent' : ' once'}`;
}
