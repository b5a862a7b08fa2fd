/** After the installation the service is active as user vbmc, and has no BMC with a well-known password. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { installOldPackages, OLD_DAEMON, OLD_UNIT, oldPackages, OWN_UNIT } from './old-packages.ts';
import { mainPid, property, secondsSince } from './unit.ts';

export const DEB_IN_LAB = '/root/vbmc.deb';

export async function install(lab: SystemdLab, report: Report, deb: string): Promise<void> {
  await installOldPackages(lab);
  await lab.write(OWN_UNIT, OLD_UNIT);

  await report.step("install: takes VirtualBMC's place", async () => {
    lab.copyIn(deb, DEB_IN_LAB);
    const startedAt = performance.now();
    // No network is needed: the package is self-contained, and its dependencies are in the tree already.
    await lab.sh(`DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${DEB_IN_LAB}`);
    const duration = secondsSince(startedAt);
    for (const name of oldPackages) {
      const status = await lab.sh(`dpkg-query -W -f '\${db:Status-Status}' ${name} 2> /dev/null || true`);
      if (status === 'installed') throw new Error(`${name} is still there`);
    }
    // The brackets keep pgrep from finding its own shell.
    if (await lab.succeeds(`pgrep -f '${OLD_DAEMON.replace('d ', '[d] ')}'`))
      throw new Error('its vbmcd still runs');
    return `in ${duration}, without a network`;
  });

  await report.step('install: active as user vbmc', async () => {
    const state = await lab.sh('systemctl is-active vbmc; systemctl is-enabled vbmc');
    expectText('the unit', state, 'active\nenabled');
    const pid = await mainPid(lab);
    expectText('its user', await lab.sh(`ps -o user= -p ${pid}`), 'vbmc');
    return `pid ${pid}, ${await property(lab, 'StatusText')}`;
  });

  await report.step('install: what only vbmc may read', async () => {
    const ssh = '/var/lib/vbmc/.ssh /var/lib/vbmc/.ssh/config';
    const paths = `/etc/vbmc /etc/vbmc/domains.d /etc/vbmc/domains.ini /var/lib/vbmc ${ssh}`;
    const modes = await lab.sh(`stat -c '%a %U:%G %n' ${paths}`);
    const expected = [
      '750 root:vbmc /etc/vbmc',
      '750 root:vbmc /etc/vbmc/domains.d',
      '640 root:vbmc /etc/vbmc/domains.ini',
      '755 vbmc:vbmc /var/lib/vbmc',
      '700 vbmc:vbmc /var/lib/vbmc/.ssh',
      '600 vbmc:vbmc /var/lib/vbmc/.ssh/config',
    ];
    expectText('owners and modes', modes, expected.join('\n'));
    expectText('BMCs', await lab.sh('vbmc list --json'), '[]');
    return modes.replaceAll('\n', ', ');
  });

  await report.step('install: man pages, completion, docs', async () => {
    await lab.sh('man -P cat vbmc vbmcd domains.ini > /dev/null');
    const load = '. /usr/share/bash-completion/bash_completion; __load_completion vbmc; complete -p vbmc';
    const completed = await lab.sh(`bash -c '${load}'`);
    await lab.sh('test -s /usr/share/doc/vbmc/examples/domains.ini && vbmc validate');
    return completed;
  });
}
