/** What QEMU puts into SMBIOS where a domain's definition says nothing. Pure. */
import type { PartStrings } from '../core/terms/domain-inventory.ts';

/** The descriptions of the PC machines in QEMU's own builds, the same for all their versions (hw/i386/pc_piix.c, pc_q35.c). */
const pcProducts: readonly (readonly [RegExp, string])[] = [
  [/^pc-i440fx-\d+\.\d+$/, 'Standard PC (i440FX + PIIX, 1996)'],
  [/^pc-q35-\d+\.\d+$/, 'Standard PC (Q35 + ICH9, 2009)'],
];

export interface Machine {
  /** The `type` of `<domain>`: `kvm`, `qemu`, `test`, … */
  readonly hypervisor: string;
  /** The `machine` of `<os><type>`. */
  readonly machineType: string | undefined;
}

/** Manufacturer, product and version; nothing for what is not QEMU's, or whose strings are not known. */
export function machineStrings({ hypervisor, machineType }: Machine): PartStrings {
  if ((hypervisor !== 'kvm' && hypervisor !== 'qemu') || machineType === undefined) return {};
  const version = machineType;
  if (/^(?:pc-i440fx|pc-q35)-rhel/.test(machineType))
    return { manufacturer: 'Red Hat', product: 'KVM', version };
  if (/^virt(?:-|$)/.test(machineType)) {
    const product = hypervisor === 'kvm' ? 'KVM Virtual Machine' : 'QEMU Virtual Machine';
    return { manufacturer: 'QEMU', product, version };
  }
  // Distributions rename the machines, and their descriptions: then the type is what is certain.
  const product = pcProducts.find(([pattern]) => pattern.test(machineType))?.[1] ?? machineType;
  return { manufacturer: 'QEMU', product, version };
}
