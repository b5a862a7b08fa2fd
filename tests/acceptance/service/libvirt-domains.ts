/** Real QEMU domains of the lab's system libvirt, under software emulation. */
import type { ServiceLab } from './service-lab.ts';

/** Firmware and nothing to boot: it runs, and that is what a BMC is asked about. */
function xml(name: string): string {
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os><features><acpi/></features>
<devices><interface type='user'><model type='e1000'/></interface><memballoon model='none'/></devices></domain>`;
}

export async function defineDomains(lab: ServiceLab, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await lab.write(`/root/${name}.xml`, xml(name));
    await lab.sh(`virsh -c qemu:///system define /root/${name}.xml`);
  }
}

export async function domstate(lab: ServiceLab, name: string): Promise<string> {
  return lab.sh(`virsh -c qemu:///system domstate ${name}`);
}
