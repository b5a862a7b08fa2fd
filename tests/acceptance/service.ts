/**
 * `npm run test:service`: the package that `npm run package` has made, installed into a Debian 12 with a real systemd,
 * libvirt and polkit. Everything is in a container with loopback only, and nothing is left running.
 */
import { parseArgs } from 'node:util';
import { projectVersion, inCheckout } from '../../config/package/checkout.ts';
import { runAcceptance } from './acceptance-run.ts';
import type { Report } from './report.ts';
import { addresses } from './service/addresses.ts';
import { ansible } from './service/ansible.ts';
import { install } from './service/install.ts';
import { lateAddress } from './service/late-address.ts';
import { packages } from './service/packages.ts';
import { polkit } from './service/polkit.ts';
import { reboot } from './service/reboot.ts';
import { reload } from './service/reload.ts';
import { EXPLAIN_MISSING_LAB, hasLab, ServiceLab } from './service/service-lab.ts';
import { supervision } from './service/supervision.ts';
import { upgrade } from './service/upgrade.ts';

/** In this order: each begins with what those before it have left, the first with a Debian without vbmc. */
const parts: Readonly<Record<string, (lab: ServiceLab, report: Report, deb: string) => Promise<void>>> = {
  packages,
  install,
  reload,
  addresses,
  lateAddress,
  supervision,
  reboot,
  polkit,
  upgrade,
  ansible,
};

/** What the other parts cannot do without. */
const needed: readonly string[] = ['install', 'reload'];

runAcceptance('npm run test:service', async ({ report, print, unlessInterrupted }) => {
  const { values } = parseArgs({
    options: { keep: { type: 'boolean' }, part: { type: 'string', multiple: true } },
  });
  if (!hasLab()) throw new Error(EXPLAIN_MISSING_LAB);
  print('booting a Debian 12 …');
  const lab = await ServiceLab.start();
  try {
    await unlessInterrupted(runParts(lab, report, values.part));
  } finally {
    if (values.keep !== true) await lab.stop();
  }
});

async function runParts(
  lab: ServiceLab,
  report: Report,
  wanted: readonly string[] | undefined,
): Promise<void> {
  const deb = inCheckout(`dist/vbmc_${projectVersion()}_amd64.deb`);
  for (const [name, part] of Object.entries(parts)) {
    if (wanted === undefined || needed.includes(name) || wanted.includes(name)) await part(lab, report, deb);
  }
}
