/** After a reboot the BMCs answer without manual action, and the power restore policies have been applied. */
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from './expect.ts';
import { node0, node1, node2 } from './inventory-file.ts';
import { answer, eventualAnswer } from './ipmi-client.ts';
import { domstate } from './libvirt-domains.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import { secondsSince } from './unit.ts';

export async function reboot(lab: SystemdLab, report: Report): Promise<void> {
  await report.step('reboot: BMCs answer by themselves', async () => {
    await answer(lab, node0, 'chassis policy always-on');
    await answer(lab, node0, 'chassis power off');
    await answer(lab, node1, 'chassis policy previous');
    await answer(lab, node1, 'chassis power on');
    await answer(lab, node2, 'chassis policy always-off');
    await answer(lab, node2, 'chassis power on');
    const startedAt = performance.now();
    await lab.reboot();
    for (const node of [node0, node1, node2]) await eventualAnswer(lab, node, 'mc guid');
    return `all three within ${secondsSince(startedAt)} of the reboot`;
  });

  await report.step('reboot: power restore policy', async () => {
    for (const { name } of [node0, node1]) {
      await waitFor(`${name} to run`, async () => (await domstate(lab, name)) === 'running', {
        timeoutMs: 20_000,
        intervalMs: 300,
      });
    }
    expectText('node-2, always-off', await domstate(lab, node2.name), 'shut off');
    return 'always-on: was off, runs; previous: was on, runs; always-off: was on, shut off';
  });
}
