/**
 * QEMU's boot index of each device of a running domain: its place in the boot order, or -1. The firmware is told the order
 * anew at each reset of the machine, so an index that is changed while QEMU runs takes effect at the next reset. Pure.
 */
import type { BootableDevice, BootClass } from './boot-order.ts';
import { bootableDevices, readBootOrder } from './domain-document.ts';
import type { Element } from './domain-xml.ts';
import { attributeOf, child, textOf } from './xml-elements.ts';

/** Where QEMU keeps a boot index. */
export interface IndexedDevice {
  /** The path of the device among QEMU's objects. For a floppy that of the drive: its controller keeps the index. */
  readonly path: string;
  readonly property: 'bootindex' | 'bootindexA' | 'bootindexB';
}

export interface WantedIndex extends IndexedDevice {
  /** -1: not booted from. */
  readonly index: number;
}

/** `undefined`: the machine has no order that a running QEMU could change. */
export type WantedIndexes = readonly WantedIndex[] | undefined;

const qemuTypes: ReadonlySet<string> = new Set(['kvm', 'qemu', 'hvf']);

/** Others (s390x) keep the order that they were started with when the guest itself reboots. */
const readsOrderAtReset = /^(x86_64|i686|aarch64|armv7l|ppc64|ppc64le|riscv64|loongarch64)$/;

export const NO_INDEX = -1;

/** The boot indexes that `definition` asks for, for the devices that the running domain `live` has. */
export function wantedIndexes(live: Element, definition: Element): WantedIndexes {
  const architecture = attributeOf(child(child(live, 'os'), 'type'), 'arch') ?? '';
  if (!qemuTypes.has(attributeOf(live, 'type') ?? '') || !readsOrderAtReset.test(architecture))
    return undefined;
  if (textOf(child(child(live, 'os'), 'type')) !== 'hvm') return undefined;
  const running = new Map(bootableDevices(live).map(({ element, device }) => [device.key, element]));
  const places = placesIn(definition, (key) => running.has(key));
  return [...running].flatMap(([key, element]) => {
    const device = indexedDevice(element);
    return device === undefined ? [] : [{ ...device, index: places.get(key) ?? NO_INDEX }];
  });
}

/** The boot index that libvirt would give to each device if it started `definition` with the devices that `isThere`. */
function placesIn(definition: Element, isThere: (key: string) => boolean): ReadonlyMap<string, number> {
  const { osBoot, devices } = readBootOrder(definition);
  const present = devices.filter(({ key }) => isThere(key));
  const ordered = present.filter(({ order }) => order !== undefined);
  if (ordered.length > 0) return new Map(ordered.map(({ key, order }) => [key, Number(order)]));
  const firsts = osBoot.map((bootClass) => firstOf(bootClass as BootClass, present));
  return new Map(firsts.flatMap((first, place) => (first === undefined ? [] : [[first.key, place + 1]])));
}

/** `<boot dev>` means the first device of its class (formatdomain, "BIOS bootloader"). */
function firstOf(bootClass: BootClass, devices: readonly BootableDevice[]): BootableDevice | undefined {
  return devices.find((device) => device.bootClass === bootClass);
}

function indexedDevice(element: Element): IndexedDevice | undefined {
  const alias = attributeOf(child(element, 'alias'), 'name');
  if (alias === undefined) return undefined;
  const path = `/machine/peripheral/${alias}`;
  if (attributeOf(element, 'device') !== 'floppy') return { path, property: 'bootindex' };
  const isFirst = attributeOf(child(element, 'address'), 'unit') !== '1';
  return { path, property: isFirst ? 'bootindexA' : 'bootindexB' };
}

/** A change of one index. */
export type IndexChange = WantedIndex;

/** Tells one boot index of QEMU from another. */
export function nameOf({ path, property }: IndexedDevice): string {
  return `${path} ${property}`;
}

/**
 * The changes from one set of indexes to another, in an order in which no two devices ever have the same index: QEMU refuses
 * that.
 */
export function indexChanges(
  present: readonly WantedIndex[],
  wanted: readonly WantedIndex[],
): readonly IndexChange[] {
  const before = new Map(present.map((device) => [nameOf(device), device.index]));
  const changed = wanted.filter((device) => before.get(nameOf(device)) !== device.index);
  const had = changed.filter((device) => before.get(nameOf(device)) !== NO_INDEX);
  return [
    ...had.map((device) => ({ ...device, index: NO_INDEX })),
    ...changed.filter(({ index }) => index !== NO_INDEX),
  ];
}
