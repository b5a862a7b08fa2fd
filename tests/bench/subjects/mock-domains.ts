import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';

function definition(name: string): string {
  return (
    `<domain type='test'><name>${name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>` +
    `<os><type arch='x86_64'>hvm</type></os></domain>`
  );
}

/** Running domains of libvirt's mock hypervisor, in any number. They take no resources. */
export async function withMockDomains<Result>(
  count: number,
  use: (libvirt: PrivateLibvirt, domains: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  try {
    const domains = Array.from({ length: count }, (_unused, index) => `node-${index}`);
    const commands = domains.map((name) => {
      const file = libvirt.directory.write(`domains/${name}.xml`, definition(name));
      return `define ${file}; start ${name}`;
    });
    // One virsh for all: a virsh for each would take 50 ms.
    await libvirt.virsh(commands.join('; '));
    return await use(libvirt, domains);
  } finally {
    await libvirt.stop();
  }
}
