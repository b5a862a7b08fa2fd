/**
 * `npm run test:image`: makes the container image and runs it by podman, as automation written for VirtualBMC's image runs that
 * one. QEMU domains of a private libvirt are driven by ipmitool, and virsh judges. Needs root.
 */
import { inCheckout, projectVersion } from '../../config/package/checkout.ts';
import { defineGuest } from '#lab/guest.ts';
import { Podman } from '#lab/podman/podman.ts';
import { startPrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import { runAcceptance } from './acceptance-run.ts';
import { inspectImage } from './image/contents.ts';
import { driveByContainer } from './image/drive.ts';
import { hardenedContainer } from './image/hardened.ts';
import { virtualBmcFiles } from './image/virtualbmc-files.ts';

runAcceptance('npm run test:image', async ({ report, print, unlessInterrupted }) => {
  if (process.getuid?.() !== 0) throw new Error('podman needs root here: run this command with sudo');
  const archive = inCheckout(`dist/vbmc-${projectVersion()}-amd64.oci.tar`);
  const podman = await unlessInterrupted(Podman.start(print));
  try {
    const libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
    try {
      const guest = await defineGuest(libvirt, 'node-0', { boot: ['hd', 'network'], networkCards: [true] });
      const [bmc] = await planBmcs([guest.name]);
      if (bmc === undefined) throw new Error('no port is free');
      const bench = { report, podman, libvirt, bmc };
      await unlessInterrupted(inspectImage(report, podman, archive));
      await unlessInterrupted(driveByContainer(bench));
      await unlessInterrupted(virtualBmcFiles(bench));
      await unlessInterrupted(hardenedContainer(bench));
    } finally {
      await libvirt.stop();
    }
  } finally {
    await podman.stop();
  }
});
