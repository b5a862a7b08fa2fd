/** An upgrade keeps the configuration and restarts the service, remove stops it, purge leaves no file of it. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { DEB_IN_LAB } from './install.ts';
import { INVENTORY, node0 } from './inventory-file.ts';
import { eventualAnswer, ipmi } from './ipmi-client.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { mainPid, processes } from './unit.ts';

const NEXT_VERSION = '99.0.0';
const APT = 'DEBIAN_FRONTEND=noninteractive apt-get -y';

/** Packs the installed package again in the lab, under a later version; returns the path of the file. */
async function nextVersion(lab: SystemdLab): Promise<string> {
  await lab.sh(
    `rm -rf /root/next && dpkg-deb -R ${DEB_IN_LAB} /root/next && ` +
      `sed -i 's/^Version: .*/Version: ${NEXT_VERSION}/' /root/next/DEBIAN/control && ` +
      `sed -i 's/"version":"[^"]*"/"version":"${NEXT_VERSION}"/' /root/next/usr/lib/vbmc/*/package.json && ` +
      'dpkg-deb -Zgzip -z1 --root-owner-group -b /root/next /root/next.deb && rm -rf /root/next',
  );
  return '/root/next.deb';
}

export async function upgrade(lab: SystemdLab, report: Report): Promise<void> {
  await report.step('upgrade: keeps configuration, restarts', async () => {
    const next = await nextVersion(lab);
    const pid = await mainPid(lab);
    const state = `sha256sum ${INVENTORY}; stat -c '%a %U:%G' ${INVENTORY}; cat /var/lib/vbmc/power-restore.json`;
    const before = await lab.sh(state);
    await lab.sh(`${APT} install ${next}`);
    expectText('configuration and state', await lab.sh(state), before);
    if ((await mainPid(lab)) === pid) throw new Error('the service was not restarted');
    expectText('vbmc --version', await lab.sh('vbmc --version'), `vbmc ${NEXT_VERSION}`);
    return `${await eventualAnswer(lab, node0, 'chassis power status')}, by ${NEXT_VERSION}`;
  });

  await report.step('remove: stops, keeps configuration', async () => {
    await lab.sh(`${APT} remove vbmc`);
    expectText('processes', (await processes(lab)).join(' '), '');
    const { ok } = await ipmi(lab, node0, 'chassis power status');
    if (ok) throw new Error('a BMC still answers');
    await lab.sh(`test -s ${INVENTORY} && test ! -e /usr/lib/vbmc && test ! -e /usr/bin/vbmc`);
    return 'no process, no BMC; /etc/vbmc is there';
  });

  await report.step('purge: leaves nothing of ours', async () => {
    await lab.sh(`${APT} purge vbmc`);
    const places = '/etc /usr /var /run';
    // The journal and man-db's cache of pages that were read are not the package's to remove.
    const left = await lab.sh(
      `find ${places} -xdev '(' -iname '*vbmc*' -o -iname '*virtualbmc*' ')' -not -path '/var/log/*' -not -path '/var/cache/man/*'`,
    );
    expectText('files left', left, '');
    for (const database of ['passwd', 'group']) {
      if (await lab.succeeds(`getent ${database} vbmc`)) throw new Error(`${database} has vbmc`);
    }
    return `no file named after us in ${places}, no user, no group`;
  });
}
