/** The boot order of a definition as a value, and its rearrangement. Pure, without XML. */
import type { BootDevice } from '@vbmc/ipmi-codec';

/** The kinds of device that a boot override can name, as libvirt's `<boot dev>` spells them. */
export type BootClass = 'network' | 'hd' | 'cdrom' | 'fd';

export interface BootableDevice {
  /** Finds the device again in a later version of the definition: `disk:vda`, `interface:52:54:00:…`. */
  readonly key: string;
  /** Absent for devices without a class (a passed-through PCI device may be anything). */
  readonly bootClass?: BootClass;
  /** The text of `<boot order>`; absent when the device has none. */
  readonly order?: string;
}

export interface BootMenu {
  readonly enable?: string;
  readonly timeout?: string;
}

/** All that vbmc changes in a definition besides its own metadata. */
export interface BootOrder {
  /** `<os><boot dev>`, in document order. libvirt allows this style or per-device orders, never both. */
  readonly osBoot: readonly string[];
  /** `<os><bootmenu>`; absent when there is none. */
  readonly bootMenu?: BootMenu;
  /** The devices that may carry `<boot order>`, in document order. */
  readonly devices: readonly BootableDevice[];
}

/** What a device selector means: a class to boot first, firmware setup, or why it is refused. */
export type SelectorMeaning =
  | { readonly kind: 'restore' }
  | { readonly kind: 'class'; readonly bootClass: BootClass }
  | { readonly kind: 'setup' }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * The selectors of v2.0§28.13 table 28-14. A virtual machine's CD and floppy drives hold media that the
 * hypervisor attaches, so remote and local name the same drive. A *remote* hard disk is not the domain's
 * own disk, and "primary remote media" does not say which medium: both are refused. So is the diagnostic partition,
 * which only a vendor's firmware knows.
 */
export const selectorMeaning: Readonly<Record<BootDevice, SelectorMeaning>> = {
  noOverride: { kind: 'restore' },
  pxe: { kind: 'class', bootClass: 'network' },
  hardDrive: { kind: 'class', bootClass: 'hd' },
  /** A virtual machine has no safe mode: it boots the disk, and the selector reads back as it was set. */
  hardDriveSafeMode: { kind: 'class', bootClass: 'hd' },
  diagnosticPartition: { kind: 'refused', why: 'a virtual machine has no diagnostic partition' },
  cdDvd: { kind: 'class', bootClass: 'cdrom' },
  remoteCdDvd: { kind: 'class', bootClass: 'cdrom' },
  floppy: { kind: 'class', bootClass: 'fd' },
  remoteFloppy: { kind: 'class', bootClass: 'fd' },
  biosSetup: { kind: 'setup' },
  primaryRemoteMedia: { kind: 'refused', why: 'which medium is the primary remote one is not defined' },
  remoteHardDrive: { kind: 'refused', why: 'a virtual machine has no remote hard drive' },
};

/** The longest wait that libvirt takes, in milliseconds; SeaBIOS and OVMF both stop there for a key. */
const setupMenu: BootMenu = { enable: 'yes', timeout: '65535' };

/** Firmware setup by `<bootmenu>`: the order stays. */
export function withSetupMenu(order: BootOrder): BootOrder {
  return { ...order, bootMenu: setupMenu };
}

function byOrder(a: BootableDevice, b: BootableDevice): number {
  return Number(a.order) - Number(b.order);
}

/** A device of a class, in an operator's words. */
export const nameOfClass: Readonly<Record<BootClass, string>> = {
  network: 'network card',
  hd: 'disk',
  cdrom: 'CD-ROM drive',
  fd: 'floppy drive',
};

/**
 * Moves a class to the front, in the style that the definition has; `undefined` if the domain has no device of that class:
 * firmware would boot another one.
 *
 * With per-device orders, the ordered devices of the class keep their order among themselves, and so do
 * all other devices behind them. A class that has devices but no orders gets orders for all of them; in a
 * class with orders, a device without one was excluded from booting on purpose and stays excluded.
 */
export function withClassFirst(order: BootOrder, bootClass: BootClass): BootOrder | undefined {
  const ofClass = order.devices.filter((device) => device.bootClass === bootClass);
  if (ofClass.length === 0) return undefined;
  const ordered = order.devices.filter((device) => device.order !== undefined).sort(byOrder);
  if (ordered.length === 0) {
    return { ...order, osBoot: [bootClass, ...order.osBoot.filter((dev) => dev !== bootClass)] };
  }
  const orderedOfClass = ordered.filter((device) => device.bootClass === bootClass);
  const front = orderedOfClass.length > 0 ? orderedOfClass : ofClass;
  const rest = ordered.filter((device) => device.bootClass !== bootClass);
  const place = new Map([...front, ...rest].map((device, index) => [device.key, String(index + 1)]));
  return { ...order, devices: order.devices.map((device) => withOrder(device, place.get(device.key))) };
}

function withOrder({ key, bootClass }: BootableDevice, order: string | undefined): BootableDevice {
  return { key, ...(bootClass && { bootClass }), ...(order !== undefined && { order }) };
}

/**
 * Whether a definition still has the boot order `written`. Devices that were removed, or added without an order, do not
 * count.
 */
export function isUnchanged(written: BootOrder, present: BootOrder): boolean {
  const writtenOrder = ordersByKey(written);
  return (
    written.osBoot.join() === present.osBoot.join() &&
    (written.bootMenu === undefined) === (present.bootMenu === undefined) &&
    written.bootMenu?.enable === present.bootMenu?.enable &&
    written.bootMenu?.timeout === present.bootMenu?.timeout &&
    present.devices.every((device) => device.order === writtenOrder.get(device.key))
  );
}

/** `present` with the boot order of `original`, for the devices that exist now. */
export function restored(original: BootOrder, present: BootOrder): BootOrder {
  const originalOrder = ordersByKey(original);
  return {
    osBoot: original.osBoot,
    ...(original.bootMenu && { bootMenu: original.bootMenu }),
    devices: present.devices.map((device) => withOrder(device, originalOrder.get(device.key))),
  };
}

function ordersByKey(order: BootOrder): ReadonlyMap<string, string> {
  const pairs = order.devices.flatMap(({ key, order: text }) =>
    text === undefined ? [] : ([[key, text]] as const),
  );
  return new Map(pairs);
}
