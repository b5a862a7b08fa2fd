/** The Ansible role converges, changes nothing on a second run, and reloads the service when a VM is added. */
import { inCheckout } from '../../../config/package/checkout.ts';
import { needProgram } from '../../../config/package/debian-tools.ts';
import { runCommand } from '#lab/run-command.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { firewalls } from './firewalls.ts';
import { answer, ipmi } from './ipmi-client.ts';
import { Controller, type RoleVariables } from './role-run.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** The port that the role derives from the name `node-0`; tests/ansible records it as well. */
export const PORT_OF_NODE_0 = 12096;
const PASSWORD = 'of-the-role';
const node0 = { port: PORT_OF_NODE_0, password: PASSWORD };
const node1 = { port: 6231, password: 'own-password' };

/** The rules of a host that filters: only ssh is accepted, even over loopback. */
const RULESET = `#!/usr/sbin/nft -f
flush ruleset
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    meta l4proto icmp accept
    tcp dport 22 accept
  }
}
`;

export async function ansible(lab: SystemdLab, report: Report, deb: string): Promise<void> {
  needProgram('ansible-playbook', 'ansible-core');
  needProgram('ansible-lint', 'ansible-lint');
  // By dpkg: apt-get fails where vbmc is not installed and in no repository.
  await lab.sh('dpkg --purge vbmc');
  await lab.write('/etc/nftables.conf', RULESET);
  await lab.sh('systemctl enable --now nftables');
  const controller = await Controller.of(lab);
  try {
    await role(lab, report, controller, deb);
  } finally {
    controller.end();
    await lab.sh('systemctl disable --now nftables; nft flush ruleset');
  }
}

async function role(lab: SystemdLab, report: Report, controller: Controller, deb: string): Promise<void> {
  const pidOfVbmcd = async (): Promise<string> => lab.sh('systemctl show -p MainPID --value vbmc');
  const withBmcs = (...bmcs: readonly RoleVariables[]): RoleVariables => ({
    vbmc_package: deb,
    vbmc_defaults: { password: PASSWORD, libvirt_uri: 'test:///default' },
    vbmc_bmcs: bmcs,
  });
  const two = [
    { name: 'node-0', domain_name: 'test' },
    { name: 'node-1', port: node1.port, password: node1.password },
  ];

  await report.step('role: ansible-lint', async () => {
    const { exitCode, stdout, stderr } = await runCommand(
      'ansible-lint',
      ['--offline', '--strict', '--nocolor', 'site.yml', 'roles/vbmc'],
      {
        cwd: inCheckout('config/ansible'),
        env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', LANG: 'C.UTF-8' },
        timeoutMs: 300_000,
      },
    );
    if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
    return stderr.trim().split('\n').at(-1) ?? '';
  });

  await report.step('role: check mode on a bare host', async () => {
    const { changed } = await controller.converge(withBmcs(...two), '--check', '--diff');
    expectText('vbmc', (await lab.succeeds('command -v vbmc')) ? 'there' : 'not there', 'not there');
    return `would change ${changed} things, and did not`;
  });

  await report.step('role: converges', async () => {
    const { changed, text } = await controller.converge(withBmcs(...two), '--diff');
    if (text.includes(PASSWORD) || text.includes(node1.password)) throw new Error('it shows a password');
    expectText('the unit', await lab.sh('systemctl is-active vbmc'), 'active');
    const said = await answer(lab, node0, 'chassis power status');
    await answer(lab, node1, 'chassis status').catch((error: unknown) => {
      // The domain does not exist. That answer comes from the BMC, so the BMC is up.
      if (!String(error).includes('not found')) throw error;
    });
    return `${changed} changes; port ${node0.port} derived from the name: ${said}`;
  });

  await report.step('role: the firewall accepts our ports', async () => {
    // A BMC that the role does not know: vbmcd listens on its port, and the firewall drops the packets.
    const shut = { port: 6299, password: 'shut' };
    const section = `[shut]\nport = ${shut.port}\npassword = ${shut.password}\ndomain_name = shut\n`;
    await lab.write('/etc/vbmc/domains.d/shut.ini', section);
    await lab.sh('systemctl reload vbmc');
    const { ok } = await ipmi(lab, shut, 'mc info');
    await lab.sh('rm /etc/vbmc/domains.d/shut.ini; systemctl reload vbmc');
    if (ok) throw new Error('nftables accepts a port that the role does not know');
    await lab.sh('systemctl reload nftables');
    await answer(lab, node0, 'mc info');
    return (await lab.sh('nft list chain inet filter vbmc | grep dport')).trim();
  });

  await report.step('role: a second run changes nothing', async () => {
    const { changes } = await controller.converge(withBmcs(...two), '--diff');
    expectText('what changed', changes.join(', '), '');
    return 'changed=0';
  });

  await report.step('role: one VM more: a reload, no restart', async () => {
    const before = await pidOfVbmcd();
    const { changes } = await controller.converge(withBmcs({ name: 'a-new-one' }, ...two));
    expectText('pid of vbmcd', await pidOfVbmcd(), before);
    const [, port = ''] = /^a-new-one .*:([0-9]+) +running/m.exec(await lab.sh('vbmc list --details')) ?? [];
    const said = await answer(lab, { port: Number(port), password: PASSWORD }, 'mc info');
    await answer(lab, node0, 'chassis power status');
    return `${changes.join(', ')}; pid ${before} as before; port ${port}: ${said.split('\n')[0] ?? ''}`;
  });

  await report.step('role: a bad key is reported, and changes nothing', async () => {
    const before = await lab.sh('sha256sum /etc/vbmc/domains.ini');
    const { failed, text } = await controller.play(withBmcs(...two, { name: 'node-2', prot: 6232 }));
    if (failed !== 1) throw new Error(text);
    const message = /\[node-2\] unknown key prot: did you mean port\?/.exec(text)?.[0];
    if (message === undefined) throw new Error(text.slice(text.indexOf('fatal:')));
    expectText('the inventory', await lab.sh('sha256sum /etc/vbmc/domains.ini'), before);
    await answer(lab, node0, 'chassis power status');
    return message;
  });

  await firewalls(lab, report, controller, withBmcs(...two));
}
