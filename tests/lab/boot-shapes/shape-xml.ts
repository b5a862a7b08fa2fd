import { escapeXml } from '../domain-xml.ts';
import type { Card, Drive, Firmware, Shape } from './shape.ts';

export interface ShapeFiles {
  /** The medium or option ROM of a device, by its index. */
  readonly media: readonly (string | undefined)[];
  readonly serialSocket: string;
  readonly serialLog: string;
  /** A file that libvirt makes from the template. */
  readonly nvram: string;
}

const CODE = '/usr/share/OVMF/OVMF_CODE_4M';
const VARIABLES = '/usr/share/OVMF/OVMF_VARS_4M';

const bootDevices = { disk: 'hd', cdrom: 'cdrom', floppy: 'fd', pxe: 'network' } as const;
const busPrefixes = { ide: 'hd', sata: 'sd', scsi: 'sd', usb: 'sd', virtio: 'vd', fdc: 'fd' } as const;

export function shapeXml(name: string, shape: Shape, files: ShapeFiles): string {
  const boots = (shape.os ?? []).map((each) => `<boot dev='${bootDevices[each]}'/>`);
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>${shape.firmware === 'seabios' ? 32 : 256}</memory>
  <vcpu>1</vcpu>
  <os${shape.firmware === 'efi' ? " firmware='efi'" : ''}>
    <type arch='x86_64' machine='${shape.machine}'>hvm</type>
    ${[...firmwareElements(shape.firmware, files.nvram), ...boots].join('\n    ')}
  </os>
  <features><acpi/><apic/>${shape.firmware.startsWith('ovmf secure') ? "<smm state='on'/>" : ''}</features>
  <devices>
    ${devices(shape, files).join('\n    ')}
    <serial type='unix'><source mode='bind' path='${files.serialSocket}'/><log file='${files.serialLog}' append='on'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

function firmwareElements(firmware: Firmware, nvram: string): string[] {
  const loader = (code: string, secure: boolean, variables: string): string[] => [
    `<loader readonly='yes'${secure ? " secure='yes'" : ''} type='pflash'>${code}</loader>`,
    `<nvram template='${variables}'>${nvram}</nvram>`,
  ];
  switch (firmware) {
    case 'seabios':
      return [];
    case 'ovmf':
      return loader(`${CODE}.fd`, false, `${VARIABLES}.fd`);
    case 'ovmf secure':
      return loader(`${CODE}.secboot.fd`, true, `${VARIABLES}.fd`);
    case 'ovmf secure, keys':
      return loader(`${CODE}.ms.fd`, true, `${VARIABLES}.ms.fd`);
    case 'efi':
      return ["<firmware><feature enabled='no' name='enrolled-keys'/></firmware>"];
  }
}

function devices(shape: Shape, { media }: ShapeFiles): string[] {
  const used = new Map<string, number>();
  /** `sda`, `sdb`, …: buses may share a prefix. */
  const target = (bus: Drive['bus']): string => {
    const prefix = busPrefixes[bus];
    const index = used.get(prefix) ?? 0;
    used.set(prefix, index + 1);
    return `${prefix}${String.fromCharCode('a'.charCodeAt(0) + index)}`;
  };
  const elements = shape.devices.map((device, index) =>
    device.class === 'pxe'
      ? networkCard(device, media[index])
      : drive(device, media[index] ?? '', target(device.bus), shape.storage === 'snapshot'),
  );
  const needsScsi = shape.devices.some((each) => each.class !== 'pxe' && each.bus === 'scsi');
  const needsUsb = shape.devices.some((each) => each.class !== 'pxe' && each.bus === 'usb');
  return [
    ...elements,
    ...(needsScsi ? ["<controller type='scsi' model='virtio-scsi'/>"] : []),
    `<controller type='usb' model='${needsUsb ? 'qemu-xhci' : 'none'}'/>`,
  ];
}

function bootOrder({ order }: Drive | Card): string {
  return order === undefined ? '' : `<boot order='${order}'/>`;
}

function drive(device: Drive, file: string, target: string, takesSnapshots: boolean): string {
  const format = takesSnapshots && device.class === 'disk' ? 'qcow2' : 'raw';
  return (
    `<disk type='file' device='${device.class}'><driver name='qemu' type='${format}'/>` +
    `<source file='${escapeXml(file)}'/><target dev='${target}' bus='${device.bus}'/>` +
    `${device.class === 'cdrom' ? '<readonly/>' : ''}${bootOrder(device)}</disk>`
  );
}

/** Without an option ROM, UEFI boots the card with a driver of its own, and a BIOS does not boot it. */
function networkCard(card: Card, rom: string | undefined): string {
  const element = rom === undefined ? "<rom enabled='no'/>" : `<rom file='${escapeXml(rom)}'/>`;
  return `<interface type='user'><model type='${card.model}'/>${bootOrder(card)}${element}</interface>`;
}
