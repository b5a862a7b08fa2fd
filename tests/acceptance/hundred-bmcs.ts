/** How long an export of a hundred BMCs takes, with libvirt's mock hypervisor behind them. */
import { installApp } from '#lab/installed-app.ts';
import { inventoryText } from '#lab/inventory-text.ts';
import { startPrivateLibvirt } from '#lab/private-libvirt.ts';
import type { Report } from './report.ts';

const COUNT = 100;

export async function exportHundred(report: Report): Promise<void> {
  await report.step(`vbmc export ironic, ${COUNT} BMCs`, async () => {
    const libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
    try {
      const names = Array.from({ length: COUNT }, (_unused, index) => `node-${index}`);
      for (const name of names) await libvirt.defineDomain(definition(name));
      const bmcs = names.map((name, index) => ({
        ...{ name, domain: name, address: '127.0.0.1', port: 7000 + index },
        ...{ username: 'admin', password: 'secret' },
      }));
      const text = inventoryText(libvirt.connectionUri, bmcs);
      const inventory = libvirt.directory.write('hundred.ini', text, 0o600);
      const { vbmc } = installApp(libvirt.directory);
      const runDirectory = libvirt.directory.makeDirectory('no-daemon');
      const args = [vbmc, '--run-dir', runDirectory, 'export', 'ironic', '--json', '--inventory', inventory];
      const { exitCode, stdout, stderr, durationMs } = await libvirt.run(process.execPath, args);
      if (exitCode !== 0) throw new Error(stderr);
      const { nodes } = JSON.parse(stdout) as { readonly nodes: readonly unknown[] };
      if (nodes.length !== COUNT) throw new Error(`${nodes.length} nodes`);
      return `${Math.round(durationMs)} ms`;
    } finally {
      await libvirt.stop();
    }
  });
}

function definition(name: string): string {
  return `<domain type='test'>
  <name>${name}</name><memory unit='MiB'>64</memory><vcpu>2</vcpu><os><type arch='x86_64'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><source file='/dev/null'/><target dev='vda'/></disk>
    <interface type='user'/><interface type='user'/>
  </devices>
</domain>`;
}
