/** Reads and writes the boot order in a domain's XML, and nothing else of it. */
import type { BootableDevice, BootClass, BootMenu, BootOrder } from './boot-order.ts';
import type { Element, Node } from './domain-xml.ts';
import { attributeOf, child, children, isElement, textOf } from './xml-elements.ts';

/** The elements under `<devices>` that libvirt lets carry `<boot order>` (formatdomain, "Hypervisor boot"). */
const bootableElements = new Set(['disk', 'interface', 'hostdev', 'redirdev']);

const classOfDisk: Readonly<Record<string, BootClass>> = {
  disk: 'hd',
  lun: 'hd',
  cdrom: 'cdrom',
  floppy: 'fd',
};

function classOf(device: Element): BootClass | undefined {
  if (device.localName === 'interface') return 'network';
  return device.localName === 'disk' ? classOfDisk[attributeOf(device, 'device') ?? 'disk'] : undefined;
}

/** What identifies a device among those of its kind: a disk's target, a network card's address. */
function identityOf(device: Element): string {
  if (device.tagName === 'disk') return attributeOf(child(device, 'target'), 'dev') ?? '';
  return attributeOf(child(device, 'mac'), 'address') ?? '';
}

export interface DeviceElement {
  readonly element: Element;
  readonly device: BootableDevice;
}

/** The devices that may carry `<boot order>`, in document order. */
export function bootableDevices(root: Element): readonly DeviceElement[] {
  const seen = new Map<string, number>();
  const devices = child(root, 'devices');
  const elements = devices === undefined ? [] : [...devices.childNodes].filter(isElement);
  return elements
    .filter((element) => (element.namespaceURI ?? null) === null && bootableElements.has(element.tagName))
    .map((element) => {
      const stem = `${element.tagName}:${identityOf(element)}`;
      const count = (seen.get(stem) ?? 0) + 1;
      seen.set(stem, count);
      const key = count === 1 ? stem : `${stem}#${count}`;
      const bootClass = classOf(element);
      const order = attributeOf(child(element, 'boot'), 'order');
      return {
        element,
        device: { key, ...(bootClass && { bootClass }), ...(order !== undefined && { order }) },
      };
    });
}

/** Why boot devices have no effect in this definition; `undefined` if firmware chooses the boot device. */
export function withoutFirmwareBoot(root: Element): string | undefined {
  const os = child(root, 'os');
  if (os === undefined || textOf(child(os, 'type')) !== 'hvm' || child(root, 'bootloader') !== undefined) {
    return 'the domain is not a machine with firmware (os type hvm)';
  }
  if (child(os, 'kernel') !== undefined) return 'the domain boots its <kernel> directly';
  return undefined;
}

/** Reads the boot order of a definition. */
export function readBootOrder(root: Element): BootOrder {
  const os = child(root, 'os');
  const osBoot = os === undefined ? [] : children(os, 'boot').map((boot) => attributeOf(boot, 'dev') ?? '');
  const menu = os && child(os, 'bootmenu');
  return {
    osBoot,
    ...(menu && { bootMenu: readBootMenu((name) => attributeOf(menu, name)) }),
    devices: bootableDevices(root).map(({ device }) => device),
  };
}

export function readBootMenu(attribute: (name: string) => string | undefined): BootMenu {
  const [enable, timeout] = [attribute('enable'), attribute('timeout')];
  return { ...(enable !== undefined && { enable }), ...(timeout !== undefined && { timeout }) };
}

/**
 * Writes a boot order into the definition. Elements are changed in place, and added or removed without touching the
 * white space around them, so that writing the old order back gives the old document.
 */
export function writeBootOrder(root: Element, order: BootOrder): void {
  const os = child(root, 'os');
  if (os !== undefined) {
    writeOsBoot(os, order.osBoot);
    writeBootMenu(os, order.bootMenu);
  }
  const wanted = new Map(order.devices.map(({ key, order: text }) => [key, text]));
  for (const { element, device } of bootableDevices(root)) {
    const text = wanted.get(device.key);
    if (text === device.order) continue;
    const boot = child(element, 'boot');
    if (text === undefined) boot?.parentNode?.removeChild(boot);
    else (boot ?? insertNew(element, 'boot', null)).setAttribute('order', text);
  }
}

function insertNew(parent: Element, name: string, before: Node | null): Element {
  const { ownerDocument } = parent;
  if (ownerDocument === null) throw new Error(`<${parent.tagName}> belongs to no document`);
  const element = ownerDocument.createElementNS(null, name);
  parent.insertBefore(element, before);
  return element;
}

function writeOsBoot(os: Element, devs: readonly string[]): void {
  const present = children(os, 'boot');
  for (const surplus of present.slice(devs.length)) os.removeChild(surplus);
  let last = present[Math.min(present.length, devs.length) - 1];
  devs.forEach((dev, index) => {
    const boot = present[index] ?? insertNew(os, 'boot', last?.nextSibling ?? null);
    boot.setAttribute('dev', dev);
    last = boot;
  });
}

function writeBootMenu(os: Element, menu: BootMenu | undefined): void {
  const present = child(os, 'bootmenu');
  if (menu === undefined) {
    if (present !== undefined) os.removeChild(present);
    return;
  }
  const element = present ?? insertNew(os, 'bootmenu', null);
  for (const name of ['enable', 'timeout'] as const) {
    const text = menu[name];
    if (text === undefined) element.removeAttribute(name);
    else element.setAttribute(name, text);
  }
}
