/** The other way: VirtualBMC's files stay in use, as the page says below "Keep VirtualBMC's files", on a vbmc that has imported nothing. */
import { basename } from 'node:path';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { expectText } from '../service/expect.ts';
import { defineDomains, domstate } from '../service/libvirt-domains.ts';
import type { Migration } from './migrate.ts';
import { ask, eventually, idle, ipmitool, own, type OldBmc } from './old-bmc.ts';
import { blocksOf, followPage } from './page-steps.ts';

/** Written by hand after the page has been followed. */
const written: OldBmc = { name: 'node-2', port: 6232, username: 'ADMIN', password: 'by hand' };

export async function keepFiles(
  lab: SystemdLab,
  { report, print, deb }: Pick<Migration, 'report' | 'print' | 'deb'>,
): Promise<void> {
  await report.step('keep: vbmc, installed anew', async () => {
    await lab.sh(`dpkg --purge vbmc && rm -rf /etc/vbmc /var/lib/vbmc && dpkg -i /root/${basename(deb)}`);
    await lab.sh(`virsh -c qemu:///system destroy ${idle.name} || true`);
    await defineDomains(lab, [written.name]);
    return lab.sh('systemctl is-active vbmc');
  });

  await followPage(lab, report, blocksOf("Keep VirtualBMC's files", 'test:migration'), print);

  await report.step('keep: the BMC that was started answers', async () => switches(lab, own));

  await report.step('keep: the other one is down, and starts', async () => {
    expectText('its exit code', String((await ask(lab, idle, 'chassis power status')).exitCode), '1');
    await lab.sh(`vbmc start ${idle.name}`);
    const config = await lab.sh(`cat /root/.vbmc/${idle.name}/config`);
    expectText('its file', config, /^active = True$/m);
    return switches(lab, idle);
  });

  await report.step('keep: a file that a script writes', async () => {
    const { name, port, username, password } = written;
    const keys = {
      username,
      password,
      port,
      domain_name: name,
      libvirt_uri: 'qemu:///system',
      active: 'True',
    };
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`);
    await lab.sh(`mkdir /root/.vbmc/${name}`);
    await lab.write(`/root/.vbmc/${name}/config`, `[VirtualBMC]\n${lines.join('')}`);
    await lab.sh('vbmc reload');
    return switches(lab, written);
  });
}

/** On and off by its BMC, as virsh sees it. */
async function switches(lab: SystemdLab, bmc: OldBmc): Promise<string> {
  await eventually(lab, bmc, 'chassis power status', 'Chassis Power is off');
  await ipmitool(lab, bmc, 'chassis power on');
  expectText('virsh domstate', await domstate(lab, bmc.name), 'running');
  await ipmitool(lab, bmc, 'chassis power off');
  expectText('virsh domstate', await domstate(lab, bmc.name), 'shut off');
  return 'on: virsh says running; off: virsh says shut off';
}
