/** Real QEMU domains of the lab's system libvirt, under software emulation. */
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** A domain with firmware and nothing to boot: it runs, and the BMC reports only that. */
export function emptyDomain(name: string): string {
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os><features><acpi/></features>
<devices><interface type='user'><model type='e1000'/></interface><memballoon model='none'/></devices></domain>`;
}

export async function defineDomains(lab: SystemdLab, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await lab.write(`/root/${name}.xml`, emptyDomain(name));
    await lab.sh(`virsh -c qemu:///system define /root/${name}.xml`);
  }
}

export async function domstate(lab: SystemdLab, name: string): Promise<string> {
  return lab.sh(`virsh -c qemu:///system domstate ${name}`);
}
