/** What libvirt permits the service: with our polkit rule, without it, and with the rule for named domains. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { node0, node1, node2 } from './inventory-file.ts';
import { answer, eventualAnswer, ipmi } from './ipmi-client.ts';
import { domstate } from './libvirt-domains.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

const RULE = '/usr/share/polkit-1/rules.d/60-vbmc.rules';
export const FINER_RULE = '/etc/polkit-1/rules.d/50-vbmc-domains.rules';
export const EXAMPLE_RULE = '/usr/share/doc/vbmc/examples/50-vbmc-domains.rules';

export async function polkit(lab: SystemdLab, report: Report): Promise<void> {
  for (const { name } of [node0, node1, node2]) {
    if ((await domstate(lab, name)) === 'running') await lab.sh(`virsh -c qemu:///system destroy ${name}`);
  }

  await report.step('polkit: with the rule', async () => {
    await answer(lab, node0, 'chassis power on');
    expectText('virsh domstate', await domstate(lab, node0.name), 'running');
    await answer(lab, node0, 'chassis power off');
    const { stdout } = await lab.exec('runuser', '-u', 'vbmc', '--', 'vbmc', 'doctor');
    expectText('vbmc doctor', stdout, /ok +qemu:\/\/\/system: answers user vbmc, 3 domains/);
    return 'on, off; doctor: qemu:///system answers vbmc';
  });

  await report.step('polkit: without it', async () => {
    await lab.sh(`mv ${RULE} /root/ && systemctl restart polkit vbmc`);
    try {
      const { ok, text } = await ipmi(lab, node0, 'chassis power on');
      if (ok) throw new Error(`power on: ${text}`);
      expectText('power on', text, /Insufficient privilege level/);
      expectText('virsh domstate', await domstate(lab, node0.name), 'shut off');
      const { stdout } = await lab.exec('runuser', '-u', 'vbmc', '--', 'vbmc', 'doctor');
      const remedy = /error +qemu:\/\/\/system: .*\n +-> (.*)/.exec(stdout)?.[1];
      if (remedy === undefined) throw new Error(`vbmc doctor says: ${stdout}`);
      return `power on: ${text.split('\n').at(-1) ?? ''}; doctor: ${remedy}`;
    } finally {
      await lab.sh(`mv /root/60-vbmc.rules ${RULE} && systemctl restart polkit vbmc`);
    }
  });

  await report.step('polkit: named domains only', async () => {
    await lab.sh(
      `cp ${EXAMPLE_RULE} ${FINER_RULE} && printf 'access_drivers = [ "polkit" ]\\n' >> /etc/libvirt/libvirtd.conf && ` +
        'systemctl restart polkit libvirtd vbmc',
    );
    await eventualAnswer(lab, node0, 'chassis power on');
    expectText('node-0', await domstate(lab, node0.name), 'running');
    await answer(lab, node0, 'chassis power reset');
    await answer(lab, node0, 'chassis bootdev pxe options=persistent');
    expectText(
      'its boot order',
      await lab.sh('virsh -c qemu:///system dumpxml --inactive node-0'),
      /dev='network'/,
    );
    await answer(lab, node0, 'chassis power off');
    expectText('node-0', await domstate(lab, node0.name), 'shut off');
    const { ok, text } = await ipmi(lab, node2, 'chassis power on');
    if (ok) throw new Error(`node-2, power on: ${text}`);
    expectText('node-2', await domstate(lab, node2.name), 'shut off');
    return `node-0: on, reset, boot device, off; node-2: ${text.split('\n').at(-1) ?? ''}`;
  });

  await lab.sh(
    `rm -f ${FINER_RULE} && sed -i '/^access_drivers/d' /etc/libvirt/libvirtd.conf && systemctl restart polkit libvirtd vbmc`,
  );
}
