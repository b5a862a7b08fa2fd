import { randomUUID } from 'node:crypto';
import { defineGuest } from './guest.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';

export interface DemoDomain {
  readonly name: string;
  /** A file with what the guest has printed; the mock hypervisor's domains print nothing. */
  readonly serialLog?: string;
}

/** Two domains, shut off, that boot from their disk, else from the network. */
export async function defineDemoDomains(libvirt: PrivateLibvirt): Promise<DemoDomain[]> {
  const names = ['node-0', 'node-1'];
  if (libvirt.hypervisor === 'qemu') {
    const domains = [];
    for (const name of names) {
      const guest = await defineGuest(libvirt, name, { boot: ['hd', 'network'], networkCards: [true] });
      domains.push({ name, serialLog: guest.serialLogFile });
    }
    return domains;
  }
  // The mock hypervisor comes with a domain of its own.
  await libvirt.virsh('destroy', 'test');
  await libvirt.virsh('undefine', 'test');
  for (const name of names) await libvirt.defineDomain(mockDomainXml(name));
  return names.map((name) => ({ name }));
}

function mockDomainXml(name: string): string {
  return `<domain type='test'>
  <name>${name}</name>
  <uuid>${randomUUID()}</uuid>
  <memory unit='MiB'>32</memory>
  <os><type>hvm</type><boot dev='hd'/><boot dev='network'/></os>
  <devices>
    <disk type='file' device='disk'><source file='/dev/null'/><target dev='vda'/></disk>
    <interface type='user'/>
  </devices>
</domain>
`;
}
