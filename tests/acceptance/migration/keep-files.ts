/**
 * The other way: VirtualBMC's files stay in use, as the page says below "Keep VirtualBMC's files", with a vbmc that has imported nothing.
 * Then back to VirtualBMC.
 */
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { expectText } from '../service/expect.ts';
import { defineDomains, domstate } from '../service/libvirt-domains.ts';
import type { Migration } from './migrate.ts';
import { ask, eventually, idle, ipmitool, own, type OldBmc } from './old-bmc.ts';
import { blocksOf, followPage } from './page-steps.ts';

/** Written by hand after the page has been followed. */
const written: OldBmc = { name: 'node-2', port: 6232, username: 'ADMIN', password: 'by hand' };
/** Below the link that the page leaves: the `config_dir` of before. */
const FILES = '/root/.vbmc/conf';

/** Expects a VirtualBMC that runs, and no vbmc. Leaves the same. */
export async function keepFiles(
  lab: SystemdLab,
  { report, print }: Pick<Migration, 'report' | 'print'>,
): Promise<void> {
  const follow = async (...headings: readonly string[]): Promise<void> =>
    followPage(
      lab,
      report,
      headings.flatMap((heading) => blocksOf(heading, 'test:migration')),
      print,
    );
  await report.step('keep: what the import has left is gone', async () => {
    await lab.sh('dpkg --purge vbmc && ! test -e /etc/vbmc && ! test -e /var/lib/vbmc');
    await lab.sh(
      `for name in ${own.name} ${idle.name}; do virsh -c qemu:///system destroy $name; done; true`,
    );
    await defineDomains(lab, [written.name]);
    return lab.sh('systemctl is-active virtualbmc');
  });

  await follow('2. Stop VirtualBMC', '3. Remove VirtualBMC', '4. Install vbmc', "Keep VirtualBMC's files");

  await report.step('keep: the BMC that was started answers', async () => switches(lab, own));

  await report.step('keep: the other one is down, and starts', async () => {
    expectText('its exit code', String((await ask(lab, idle, 'chassis power status')).exitCode), '1');
    await lab.sh(`vbmc start ${idle.name}`);
    const config = await lab.sh(`cat ${FILES}/${idle.name}/config`);
    expectText('its file', config, /^active = True$/m);
    return switches(lab, idle);
  });

  await report.step('keep: a file that a script writes', async () => {
    const { name, port, username, password } = written;
    const keys = {
      username,
      password,
      address: '::',
      port,
      domain_name: name,
      libvirt_uri: 'qemu:///system',
      active: 'True',
    };
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`);
    await lab.sh(`mkdir ${FILES}/${name}`);
    await lab.write(`${FILES}/${name}/config`, `[VirtualBMC]\n${lines.join('')}`);
    await lab.sh('vbmc reload');
    return switches(lab, written);
  });

  await report.step('keep: a config_dir that the service does not see is told with its remedy', async () => {
    const config = '/root/.vbmc/virtualbmc.conf';
    await lab.sh(`cp ${config} /root/right && sed -i 's|=.*|=/root/.vbmc/conf|' ${config}`);
    const { stdout, stderr } = await lab.exec('vbmc', 'reload');
    expectText('vbmc reload', stdout + stderr, /sees no file under \/root[^]*config_dir/);
    await lab.sh(`cat /root/right > ${config} && vbmc reload`);
    await eventually(lab, written, 'chassis power status', 'Chassis Power is off');
    return (stdout + stderr).trim();
  });

  const [remove = [], start = [], kept = []] = blocksOf('The way back', 'test:migration').map((block) => [
    block,
  ]);
  await followPage(lab, report, [...remove, ...kept, ...start], print);

  await report.step('back: VirtualBMC has all BMCs, also those that came later', async () => {
    await lab.sh(`vbmc start ${written.name} || true`);
    for (const bmc of [own, idle, written])
      await eventually(lab, bmc, 'chassis power status', 'Chassis Power is off');
    const others = await lab.sh("find /root/.vbmc '!' -user root; readlink /root/.vbmc || true");
    expectText('links, and files that are not of root', others, '');
    return lab.sh('vbmc list');
  });

  await report.step("keep: a purge leaves VirtualBMC's files, to root", async () => {
    const directory = '/var/lib/vbmc/virtualbmc';
    await lab.sh(`mkdir -p ${directory}/x && touch ${directory}/x/config && chown -R vbmc: ${directory}`);
    await lab.sh('dpkg --purge vbmc');
    expectText(
      'what is left',
      await lab.sh('cd /var/lib/vbmc && find . | sort | xargs'),
      '. ./virtualbmc ./virtualbmc/x ./virtualbmc/x/config',
    );
    expectText('owners', await lab.sh('find /var/lib/vbmc -printf "%u:%g\\n" | sort -u'), 'root:root');
    return directory;
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
