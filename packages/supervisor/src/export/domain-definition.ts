/** The only importer of the XML library: facts from a domain's definition. Loaded when first needed. */
import { DOMParser, type Element, type Node } from '@xmldom/xmldom';
import type { BootMode, DomainFacts } from './exported-bmc.ts';

/** The disk whose size counts: the first that is one. */
export interface FirstDisk {
  /** `vda`: how libvirt's commands name it. */
  readonly target: string;
  /** Where it is a volume of a storage pool. */
  readonly volume?: { readonly pool: string; readonly name: string };
}

export interface DomainDefinition {
  readonly facts: DomainFacts;
  readonly disk?: FirstDisk;
}

/** libvirt writes KiB; formatdomain allows these too. */
const bytesOfUnit: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  TB: 1e12,
  T: 1024 ** 4,
  TiB: 1024 ** 4,
};

/** `undefined` for what is no definition of a domain. */
export function readDefinition(xml: string): DomainDefinition | undefined {
  const domain = parse(xml);
  const uuid = textOf(domain && child(domain, 'uuid'));
  if (domain === undefined || uuid === undefined) return undefined;
  const disk = firstDisk(domain);
  const facts = {
    uuid: uuid.toLowerCase(),
    macs: devices(domain, 'interface').flatMap((card) => {
      const mac = attribute(child(card, 'mac'), 'address');
      return mac === undefined ? [] : [mac.toLowerCase()];
    }),
    cpus: countCpus(child(domain, 'vcpu')),
    memoryMib: Math.floor(bytesOf(child(domain, 'memory')) / 1024 ** 2),
    architecture: architectureOf(domain),
    bootMode: bootModeOf(domain),
  };
  return { facts, ...(disk !== undefined && { disk }) };
}

function parse(xml: string): Element | undefined {
  try {
    const parser = new DOMParser({
      onError: (level, message) => {
        throw new Error(`${level}: ${message}`);
      },
    });
    const root = parser.parseFromString(xml, 'text/xml').documentElement;
    return root?.tagName === 'domain' ? root : undefined;
  } catch {
    // It throws on the first fault; its message quotes the document.
    return undefined;
  }
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}
function children(parent: Element, name: string): Element[] {
  return [...parent.childNodes].filter(isElement).filter(({ tagName }) => tagName === name);
}
function child(parent: Element | undefined, name: string): Element | undefined {
  return parent && children(parent, name)[0];
}
function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined;
}
function textOf(element: Element | undefined): string | undefined {
  return element?.textContent?.trim();
}
function devices(domain: Element, name: string): Element[] {
  return children(domain, 'devices').flatMap((parent) => children(parent, name));
}

/** Those that it boots with; further ones may be plugged in later. */
function countCpus(vcpu: Element | undefined): number {
  return Number(attribute(vcpu, 'current') ?? textOf(vcpu) ?? 1) || 1;
}

function bytesOf(memory: Element | undefined): number {
  return Number(textOf(memory) ?? 0) * (bytesOfUnit[attribute(memory, 'unit') ?? 'KiB'] ?? 1024);
}

function architectureOf(domain: Element): string {
  return attribute(child(child(domain, 'os'), 'type'), 'arch') ?? 'x86_64';
}

/** A flash image as loader is UEFI, a ROM is a BIOS; ARM's 64-bit machines have nothing but UEFI. */
function bootModeOf(domain: Element): BootMode {
  const os = child(domain, 'os');
  const firmware = attribute(os, 'firmware');
  if (firmware !== undefined) return firmware === 'efi' ? 'uefi' : 'bios';
  const isFlash = attribute(child(os, 'loader'), 'type') === 'pflash';
  return isFlash || architectureOf(domain) === 'aarch64' ? 'uefi' : 'bios';
}

function firstDisk(domain: Element): FirstDisk | undefined {
  for (const disk of devices(domain, 'disk')) {
    const kind = attribute(disk, 'device') ?? 'disk';
    const target = attribute(child(disk, 'target'), 'dev');
    if ((kind !== 'disk' && kind !== 'lun') || target === undefined) continue;
    const source = child(disk, 'source');
    const [pool, name] = [attribute(source, 'pool'), attribute(source, 'volume')];
    return { target, ...(pool !== undefined && name !== undefined && { volume: { pool, name } }) };
  }
  return undefined;
}
