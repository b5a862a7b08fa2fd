/** After the installation the service is active as user vbmc, and has no BMC with a well-known password. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { mainPid, property, secondsSince } from './unit.ts';

export const DEB_IN_LAB = '/root/vbmc.deb';

/** Installs a package with the name and the commands of VirtualBMC. */
const VIRTUALBMC = `mkdir -p /root/old/DEBIAN /root/old/usr/bin && touch /root/old/usr/bin/vbmc /root/old/usr/bin/vbmcd &&
printf 'Package: python3-virtualbmc\\nVersion: 3.0\\nArchitecture: all\\nMaintainer: x <x@localhost>\\nDescription: x\\n' \
> /root/old/DEBIAN/control && dpkg-deb -b /root/old /root/old.deb && dpkg -i /root/old.deb`;

export async function install(lab: SystemdLab, report: Report, deb: string): Promise<void> {
  await report.step("install: takes VirtualBMC's place", async () => {
    await lab.sh(VIRTUALBMC);
    lab.copyIn(deb, DEB_IN_LAB);
    const startedAt = performance.now();
    // No network is needed: the package is self-contained, and its dependencies are in the tree already.
    await lab.sh(`DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${DEB_IN_LAB}`);
    const duration = secondsSince(startedAt);
    if (await lab.succeeds('dpkg -s python3-virtualbmc'))
      throw new Error('python3-virtualbmc is still there');
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
    const paths = '/etc/vbmc /etc/vbmc/domains.d /etc/vbmc/domains.ini /var/lib/vbmc';
    const modes = await lab.sh(`stat -c '%a %U:%G %n' ${paths}`);
    const expected = [
      '750 root:vbmc /etc/vbmc',
      '750 root:vbmc /etc/vbmc/domains.d',
      '640 root:vbmc /etc/vbmc/domains.ini',
      '755 vbmc:vbmc /var/lib/vbmc',
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
