/** Facts from a domain's definition. */
import { attributeOf, child, children, readDomainXml, textOf, type Element } from '@vbmc/bmc-worker/libvirt';
import type { BootMode, DomainFacts } from './exported-bmc.ts';

/** The disk whose size is exported: the first that is not a CD or floppy drive. */
export interface FirstDisk {
  /** `vda`: its name in libvirt's commands. */
  readonly target: string;
  /** Present if it is a volume of a storage pool. */
  readonly volume?: { readonly pool: string; readonly name: string };
}

export interface DomainDefinition {
  readonly facts: DomainFacts;
  readonly disk?: FirstDisk;
}

/** libvirt writes KiB; its format allows the other units too (formatdomain). */
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

/** `undefined` for anything but the definition of a domain. */
export async function readDefinition(xml: string): Promise<DomainDefinition | undefined> {
  const domain = await readDomainXml(xml);
  const uuid = textOf(child(domain, 'uuid'));
  if (domain === undefined || uuid === undefined) return undefined;
  const disk = firstDisk(domain);
  const facts = {
    uuid: uuid.toLowerCase(),
    macs: devices(domain, 'interface').flatMap((card) => {
      const mac = attributeOf(child(card, 'mac'), 'address');
      return mac === undefined ? [] : [mac.toLowerCase()];
    }),
    cpus: countCpus(child(domain, 'vcpu')),
    memoryMib: Math.floor(bytesOf(child(domain, 'memory')) / 1024 ** 2),
    architecture: architectureOf(domain),
    bootMode: bootModeOf(domain),
  };
  return { facts, ...(disk !== undefined && { disk }) };
}

function devices(domain: Element, name: string): Element[] {
  return children(domain, 'devices').flatMap((parent) => children(parent, name));
}

/** The CPUs that the domain boots with; more may be plugged in later. */
function countCpus(vcpu: Element | undefined): number {
  return Number(attributeOf(vcpu, 'current') ?? textOf(vcpu) ?? 1) || 1;
}

function bytesOf(memory: Element | undefined): number {
  return Number(textOf(memory) ?? 0) * (bytesOfUnit[attributeOf(memory, 'unit') ?? 'KiB'] ?? 1024);
}

function architectureOf(domain: Element): string {
  return attributeOf(child(child(domain, 'os'), 'type'), 'arch') ?? 'x86_64';
}

/** A loader that is a flash image is UEFI, a ROM is a BIOS. 64-bit ARM machines have UEFI only. */
function bootModeOf(domain: Element): BootMode {
  const os = child(domain, 'os');
  const firmware = attributeOf(os, 'firmware');
  if (firmware !== undefined) return firmware === 'efi' ? 'uefi' : 'bios';
  const isFlash = attributeOf(child(os, 'loader'), 'type') === 'pflash';
  return isFlash || architectureOf(domain) === 'aarch64' ? 'uefi' : 'bios';
}

function firstDisk(domain: Element): FirstDisk | undefined {
  for (const disk of devices(domain, 'disk')) {
    const kind = attributeOf(disk, 'device') ?? 'disk';
    const target = attributeOf(child(disk, 'target'), 'dev');
    if ((kind !== 'disk' && kind !== 'lun') || target === undefined) continue;
    const source = child(disk, 'source');
    const [pool, name] = [attributeOf(source, 'pool'), attributeOf(source, 'volume')];
    return { target, ...(pool !== undefined && name !== undefined && { volume: { pool, name } }) };
  }
  return undefined;
}
