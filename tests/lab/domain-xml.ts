import { NETWORK_CARD_MODEL } from './network-boot-rom.ts';

/** A device of the guest; `bootOrder` only with `boot: 'per-device'`. */
interface Bootable {
  readonly bootOrder?: number;
}
export interface DiskFile extends Bootable {
  readonly file: string;
}
export interface NetworkCard extends Bootable {
  /** An option ROM (`networkBootRom`); without one the card has none and cannot be booted from. */
  readonly rom?: string;
}

export interface DomainDescription {
  readonly name: string;
  readonly uuid: string;
  readonly memoryMiB?: number;
  readonly disk?: DiskFile;
  readonly cdrom?: DiskFile;
  readonly floppy?: DiskFile;
  readonly networkCards?: readonly NetworkCard[];
  /** `<os><boot dev>` in this order, or an `<order>` on each device. */
  readonly boot: readonly ('hd' | 'cdrom' | 'network' | 'fd')[] | 'per-device';
  /** A unix socket to type into, or a pseudo terminal (which `virsh console` wants). */
  readonly serial: { readonly socket: string } | 'pty';
  /** A file that keeps everything the guest has printed, over all its starts. */
  readonly serialLog: string;
  /** An ISA pvpanic device, and `<on_crash>preserve`: a guest that has panicked stays, `crashed`. */
  readonly panicDevice?: boolean;
  /** Further elements, put in just before `</domain>`, e.g. `<metadata>`. */
  readonly extra?: string;
}

export function escapeXml(value: string): string {
  return value.replace(/[&<>'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A small QEMU domain under software emulation, on the machine type the guest program is made for. */
export function domainXml(domain: DomainDescription): string {
  const osBoot = domain.boot === 'per-device' ? [] : domain.boot.map((device) => `<boot dev='${device}'/>`);
  return `<domain type='qemu'>
  <name>${escapeXml(domain.name)}</name>
  <uuid>${domain.uuid}</uuid>
  <memory unit='MiB'>${domain.memoryMiB ?? 32}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    ${osBoot.join('\n    ')}
  </os>
  <features><acpi/><apic/></features>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>${domain.panicDevice === true ? 'preserve' : 'destroy'}</on_crash>
  <devices>
    ${devices(domain).join('\n    ')}
    ${serialPort(domain)}
    ${domain.panicDevice === true ? "<panic model='isa'/>" : ''}
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
  ${domain.extra ?? ''}
</domain>
`;
}

function devices({ disk, cdrom, floppy, networkCards }: DomainDescription): string[] {
  return [
    ...(disk ? [diskDevice('disk', 'hda', 'ide', disk)] : []),
    ...(cdrom ? [diskDevice('cdrom', 'hdc', 'ide', cdrom)] : []),
    ...(floppy ? [diskDevice('floppy', 'fda', 'fdc', floppy)] : []),
    ...(networkCards ?? []).map(networkDevice),
  ];
}

function bootOrder({ bootOrder }: Bootable): string {
  return bootOrder === undefined ? '' : `<boot order='${bootOrder}'/>`;
}

function diskDevice(device: string, target: string, bus: string, disk: DiskFile): string {
  return (
    `<disk type='file' device='${device}'><driver name='qemu' type='raw'/>` +
    `<source file='${escapeXml(disk.file)}'/><target dev='${target}' bus='${bus}'/>` +
    `${device === 'cdrom' ? '<readonly/>' : ''}${bootOrder(disk)}</disk>`
  );
}

function networkDevice(card: NetworkCard): string {
  const rom = card.rom === undefined ? `<rom enabled='no'/>` : `<rom file='${escapeXml(card.rom)}'/>`;
  return `<interface type='user'><model type='${NETWORK_CARD_MODEL}'/>${bootOrder(card)}${rom}</interface>`;
}

function serialPort({ serial, serialLog }: DomainDescription): string {
  const log = `<log file='${escapeXml(serialLog)}' append='on'/>`;
  return serial === 'pty'
    ? `<serial type='pty'>${log}</serial>`
    : `<serial type='unix'><source mode='bind' path='${escapeXml(serial.socket)}'/>${log}</serial>`;
}
