/**
 * `npm run test:migration -- --virtualbmc CHECKOUT`: follows docs/migrate-from-virtualbmc.md. In a Debian 12 with a real systemd and libvirt, pip
 * installs VirtualBMC from CHECKOUT, a git checkout of openstack/virtualbmc (3.2.0: later ones need a newer pbr than Debian 12 has). The commands are
 * those of the page. ipmitool asks the BMCs before and after, and virsh judges. Needs root.
 */
import { parseArgs } from 'node:util';
import { inCheckout, projectVersion } from '../../config/package/checkout.ts';
import { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { runAcceptance } from './acceptance-run.ts';
import { migrate } from './migration/migrate.ts';

runAcceptance('npm run test:migration', async ({ report, print, unlessInterrupted }) => {
  const { values } = parseArgs({
    options: {
      virtualbmc: { type: 'string' },
      /** Keeps the Debian tree in this directory, which saves two minutes the next time. */
      tree: { type: 'string' },
    },
  });
  const { virtualbmc: checkout, tree: keptTree } = values;
  if (checkout === undefined) throw new Error('--virtualbmc CHECKOUT is missing');
  const deb = inCheckout(`dist/vbmc_${projectVersion()}_amd64.deb`);
  const lab = await unlessInterrupted(SystemdLab.start({ print, keptTree }));
  try {
    await unlessInterrupted(migrate(lab, { report, print, checkout, deb }));
  } finally {
    await lab.stop();
  }
});
