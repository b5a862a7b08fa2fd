/** The role on a host with ufw or firewalld: the ports that it opens there. */
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import type { Controller, RoleVariables } from './role-run.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

export async function firewalls(
  lab: SystemdLab,
  report: Report,
  controller: Controller,
  variables: RoleVariables,
): Promise<void> {
  // Each of the two inventories has none of the other's BMCs.
  const twoBmcs = { ...variables, vbmc_allow_removal: true };
  const oneBmc = { ...twoBmcs, vbmc_bmcs: [{ name: 'n', port: 623, active: false }] };
  await lab.sh('systemctl disable --now nftables; nft flush ruleset');

  const converges = async (
    open: () => Promise<string>,
    twoPorts: string,
    onePort: string,
  ): Promise<string> => {
    await controller.converge(twoBmcs);
    expectText('open', await open(), twoPorts);
    const { changes } = await controller.converge(twoBmcs);
    expectText('what changed on a second run', changes.join(', '), '');
    // The role closes the ports of BMCs that were removed.
    await controller.converge(oneBmc);
    expectText('open', await open(), onePort);
    return `${twoPorts}, then ${onePort}`;
  };

  await report.step('role: ufw', async () => {
    await lab.sh('ufw allow 22/tcp && ufw --force enable');
    const rules = String.raw`iptables -S ufw-user-input | sed -n 's/.*-p udp.*--dports\? \([0-9,]*\) .*/\1/p'`;
    try {
      return await converges(async () => lab.sh(rules), '6231,12096', '623');
    } finally {
      await lab.sh('ufw --force disable');
    }
  });

  await report.step('role: firewalld', async () => {
    await lab.apt('install', '-y', 'firewalld');
    const ports =
      'firewall-cmd --query-service=vbmc >&2 && firewall-cmd --service=vbmc --permanent --get-ports';
    try {
      return await converges(async () => lab.sh(ports), '6231/udp 12096/udp', '623/udp');
    } finally {
      await lab.apt('purge', '-y', 'firewalld');
    }
  });
}
