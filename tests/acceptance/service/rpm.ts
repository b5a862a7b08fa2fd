/**
 * The .rpm as rpm installs, updates and removes it. The lab is a Debian, so rpm does not know what is installed and is told not to ask
 * for dependencies; its scripts run on the lab's systemd. Leaves nothing, for the part that installs the .deb.
 */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { answer } from './ipmi-client.ts';
import { defineDomains, domstate } from './libvirt-domains.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const RPM = '/root/vbmc.rpm';
const DOMAIN = 'by-rpm';
const bmc = { port: 6281, password: 's3cret' };

export async function rpm(lab: SystemdLab, report: Report, deb: string): Promise<void> {
  const states = async (): Promise<string> =>
    lab.sh('systemctl is-active vbmc | cat; systemctl is-enabled vbmc | cat');

  await report.step('rpm: installs', async () => {
    await lab.apt('install', '-y', '--no-install-recommends', 'rpm');
    lab.copyIn(deb.replace(/vbmc_(.*)_amd64\.deb$/, 'vbmc-$1-1.x86_64.rpm'), RPM);
    await lab.sh(`rpm --install --nodeps --force-debian ${RPM}`);
    // A preset decides on Fedora. Debian's says enable, and rpm starts nothing.
    expectText('the unit', await states(), 'inactive\nenabled');
    expectText('provided', await lab.sh('rpm -q --provides vbmc | grep -c virtualbmc'), '2');
    return lab.sh('stat -c "%a %U:%G %n" /etc/vbmc /etc/vbmc/domains.ini /var/lib/vbmc');
  });

  await report.step('rpm: the service powers a domain on', async () => {
    await defineDomains(lab, [DOMAIN]);
    await lab.sh('systemctl start vbmc');
    await lab.sh(`vbmc add ${DOMAIN} --port ${bmc.port} --password ${bmc.password} && vbmc start ${DOMAIN}`);
    await answer(lab, bmc, 'power on');
    expectText('the domain', await domstate(lab, DOMAIN), 'running');
    return lab.sh('vbmc list');
  });

  await report.step('rpm: an update restarts it, and keeps the inventory and the guest', async () => {
    const pid = await lab.sh('systemctl show -p MainPID --value vbmc');
    await lab.sh(`rpm --upgrade --replacepkgs --replacefiles --nodeps --force-debian ${RPM}`);
    if ((await lab.sh('systemctl show -p MainPID --value vbmc')) === pid)
      throw new Error('it was not restarted');
    await answer(lab, bmc, 'power status');
    expectText('the domain', await domstate(lab, DOMAIN), 'running');
    return states();
  });

  await report.step('rpm: is removed, and leaves the guest and the inventory', async () => {
    await lab.sh('rpm --erase --nodeps --force-debian vbmc');
    if (await lab.succeeds('systemctl is-active vbmc || test -e /usr/bin/vbmcd'))
      throw new Error('it is still there');
    expectText('the domain', await domstate(lab, DOMAIN), 'running');
    const left = await lab.sh('find /etc/vbmc /etc/systemd/system -name "*vbmc*" -o -name "domains*" | sort');
    await lab.sh(`virsh -c qemu:///system destroy ${DOMAIN} && virsh -c qemu:///system undefine ${DOMAIN}`);
    await lab.sh('rm -rf /etc/vbmc /var/lib/vbmc; systemctl daemon-reload');
    return left.replaceAll('\n', ', ');
  });
}
