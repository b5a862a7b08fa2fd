/** A VirtualBMC with BMCs in use, the commands of the page, and the same BMCs afterwards. */
import { basename, dirname } from 'node:path';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import type { Report } from '../report.ts';
import { expectText } from '../service/expect.ts';
import { defineDomains, domstate } from '../service/libvirt-domains.ts';
import { keepFiles } from './keep-files.ts';
import { ask, eventually, idle, ipmitool, own } from './old-bmc.ts';
import { blocksOf, followPage } from './page-steps.ts';
import { installVirtualBmc } from './pip-virtualbmc.ts';

export interface Migration {
  readonly report: Report;
  readonly print: (line: string) => void;
  readonly checkout: string;
  readonly deb: string;
}

export async function migrate(lab: SystemdLab, { report, print, checkout, deb }: Migration): Promise<void> {
  const version = await installVirtualBmc(lab, checkout);
  lab.copyIn(deb, `/root/${basename(deb)}`);
  await defineDomains(lab, [own.name, idle.name]);
  const keptFiles = 'cd /root/.vbmc && find . -type f -name config -exec sha256sum {} + | sort';
  // libvirt gives each start of a domain another id.
  const domainId = async (): Promise<string> => lab.sh(`virsh -c qemu:///system domid ${own.name}`);

  await report.step(`before: VirtualBMC ${version} has BMCs`, async () => {
    const { name, port, username, password } = own;
    await lab.sh(
      `vbmc add ${name} --port ${port} --username ${username} --password '${password}' && vbmc start ${name}`,
    );
    await lab.sh(`vbmc add ${idle.name} --port ${idle.port}`);
    await eventually(lab, own, 'chassis power status', 'Chassis Power is off');
    await ipmitool(lab, own, 'chassis power on');
    expectText('virsh domstate', await domstate(lab, own.name), 'running');
    return ipmitool(lab, own, 'chassis power status');
  });
  const [files, id] = [await lab.sh(keptFiles), await domainId()];

  await followPage(lab, report, blocksOf('Step by step', 'test:migration'), print);

  await report.step('after: the same port, user and password', async () => {
    const said = await ipmitool(lab, own, 'chassis power status');
    expectText('power status', said, 'Chassis Power is on');
    expectText('the id of the domain', await domainId(), id);
    await ipmitool(lab, own, 'chassis power off');
    expectText('virsh domstate', await domstate(lab, own.name), 'shut off');
    return `${said}, domain ${id} as before; power off: virsh says shut off`;
  });

  await report.step('after: the BMC that was not started', async () => {
    const { exitCode } = await ask(lab, idle, 'chassis power status');
    if (exitCode === 0) throw new Error('it answers');
    await lab.sh(`vbmc start ${idle.name}`);
    await ipmitool(lab, idle, 'chassis power on');
    expectText('virsh domstate', await domstate(lab, idle.name), 'running');
    return 'down; after vbmc start it answers admin with password';
  });

  await report.step("after: VirtualBMC's files, and nothing of it runs", async () => {
    expectText('its files', await lab.sh(keptFiles), files);
    const others = await lab.sh("ps -eo user=,args= | grep '[v]bmcd' | grep -v '^vbmc ' || true");
    expectText('processes of vbmcd that are not ours', others, '');
    expectText('virtualbmc.service', await lab.sh('systemctl show -p Id --value virtualbmc'), 'vbmc.service');
    return 'the same bytes';
  });

  await report.step('after: a drop-in of an old name applies, and the doctor says so', async () => {
    const file = '/etc/systemd/system/vbmcd.service.d/left.conf';
    const dropIns = async (): Promise<string> => lab.sh('systemctl show -p DropInPaths --value vbmc');
    expectText('drop-ins', await dropIns(), '');
    await lab.sh(`mkdir ${dirname(file)} && echo > ${file} && systemctl daemon-reload`);
    expectText('drop-ins', await dropIns(), file);
    const said = await lab.sh(`vbmc doctor | grep -A1 ${file}`);
    await lab.sh(`rm -r ${dirname(file)} && systemctl daemon-reload`);
    return said;
  });

  await report.step('after a reboot', async () => {
    await lab.reboot();
    for (const bmc of [own, idle]) await eventually(lab, bmc, 'chassis power status', /^Chassis Power is o/);
    expectText('vbmcd', await lab.sh('systemctl show -p Id --value virtualbmc'), 'vbmc.service');
    return 'both answer';
  });

  const back = blocksOf('The way back', 'test:migration').slice(0, 2);
  await followPage(lab, report, back, print);

  await report.step('back: VirtualBMC answers, with the files of before', async () => {
    expectText('its files', await lab.sh(keptFiles), files);
    await eventually(lab, own, 'chassis power status', /^Chassis Power is o/);
    const { exitCode } = await ask(lab, idle, 'chassis power status');
    if (exitCode === 0) throw new Error(`${idle.name} answers, which was not started in VirtualBMC`);
    return lab.sh('vbmc list && cat /usr/local/bin/vbmcd | head -1');
  });

  await keepFiles(lab, { report, print });
}
