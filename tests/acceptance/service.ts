/**
 * `npm run test:service`: installs the .deb of `npm run package` into a Debian 12 with a real systemd, libvirt and polkit.
 * That Debian is a container that has loopback only. Nothing is left running. Needs root.
 */
import { parseArgs } from 'node:util';
import { projectVersion, inCheckout } from '../../config/package/checkout.ts';
import { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { runAcceptance } from './acceptance-run.ts';
import type { Report } from './report.ts';
import { addresses } from './service/addresses.ts';
import { ansible } from './service/ansible.ts';
import { everyAddress } from './service/every-address.ts';
import { guestsShare } from './service/guests-share.ts';
import { install } from './service/install.ts';
import { lateAddress } from './service/late-address.ts';
import { packages } from './service/packages.ts';
import { polkit } from './service/polkit.ts';
import { reboot } from './service/reboot.ts';
import { reload } from './service/reload.ts';
import { remoteUris } from './service/remote-uris.ts';
import { rpm } from './service/rpm.ts';
import { serviceNames } from './service/service-names.ts';
import { supervision } from './service/supervision.ts';
import { takenOverWorker } from './service/taken-over-worker.ts';
import { upgrade } from './service/upgrade.ts';
import { userUnit } from './service/user-unit.ts';

/** The order matters: each part starts from the state that the parts before it left. The first starts without vbmc. */
const parts: Readonly<Record<string, (lab: SystemdLab, report: Report, deb: string) => Promise<void>>> = {
  packages,
  rpm,
  install,
  serviceNames,
  reload,
  addresses,
  lateAddress,
  everyAddress,
  guestsShare,
  remoteUris,
  userUnit,
  supervision,
  reboot,
  polkit,
  takenOverWorker,
  upgrade,
  ansible,
};

/** The parts that all later parts depend on. */
const needed: readonly string[] = ['install', 'serviceNames', 'reload'];

runAcceptance('npm run test:service', async ({ report, print, unlessInterrupted }) => {
  const { values } = parseArgs({
    options: {
      /** Only these parts, and those that others need. */
      part: { type: 'string', multiple: true },
      /** Keeps the Debian tree in this directory, which saves two minutes the next time. */
      tree: { type: 'string' },
      /** Leaves the lab running until Ctrl-C. */
      keep: { type: 'boolean' },
    },
  });
  const lab = await unlessInterrupted(SystemdLab.start({ print, keptTree: values.tree }));
  try {
    await unlessInterrupted(runParts(lab, report, values.part));
    if (values.keep === true) await lab.keep(print);
  } finally {
    await lab.stop();
  }
});

async function runParts(
  lab: SystemdLab,
  report: Report,
  wanted: readonly string[] | undefined,
): Promise<void> {
  const deb = inCheckout(`dist/vbmc_${projectVersion()}_amd64.deb`);
  for (const [name, part] of Object.entries(parts)) {
    if (wanted === undefined || needed.includes(name) || wanted.includes(name)) await part(lab, report, deb);
  }
}
