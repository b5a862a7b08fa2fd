/**
 * `npm run test:ironic`: a real Ironic, a real fencing agent and Ansible's inventory reader drive our BMCs on real QEMU
 * domains. Everything runs on this machine's loopback, as the lab user. Nothing is left running.
 */
import { startLab, type Lab } from '#lab/lab.ts';
import { startIronic, type IronicService } from '#lab/ironic/ironic-service.ts';
import { runAcceptance, type AcceptanceRun } from './acceptance-run.ts';
import { checkNode } from './ironic/check-node.ts';
import { installConsumers } from './consumers.ts';
import { fence } from './fencing.ts';
import { scrape } from './monitoring.ts';
import { exportHundred } from './hundred-bmcs.ts';
import { readWithAnsible } from './other-formats.ts';
import { driveTwoNodes } from './two-nodes.ts';

runAcceptance('npm run test:ironic', async (run) => {
  await installConsumers(run.print);
  const ironic = await run.unlessInterrupted(startIronic(run.print));
  try {
    const lab = await startLab({ domains: 2 });
    try {
      await run.unlessInterrupted(runAll(lab, ironic, run));
    } finally {
      await lab.stop();
    }
  } finally {
    await ironic.stop();
  }
});

async function runAll(lab: Lab, ironic: IronicService, run: AcceptanceRun): Promise<void> {
  const { report } = run;
  await exportHundred(report);
  await readWithAnsible(lab, report);
  await driveTwoNodes(lab, ironic, report);
  await fence(lab, report);
  await scrape(lab, report);
  await checkNode(lab, ironic, run);
}
