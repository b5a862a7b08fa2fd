/**
 * `npm run test:ironic`: a real Ironic, a real fencing agent and Ansible's own reader against our BMCs on real
 * QEMU domains. Everything runs on this machine and on loopback, and nothing is left running.
 */
import { startLab, type Lab } from '#support/e2e/lab.ts';
import { virshLine } from '#lab/demo-lines.ts';
import { runAcceptance, type AcceptanceRun } from './acceptance-run.ts';
import { installConsumers } from './consumers.ts';
import { fence } from './fencing.ts';
import { scrape } from './monitoring.ts';
import { exportHundred } from './hundred-bmcs.ts';
import { EXPLAIN_MISSING_LAB, hasLab, startIronic, type IronicService } from './ironic-service.ts';
import { readWithAnsible } from './other-formats.ts';
import { driveTwoNodes } from './two-nodes.ts';

/** What of the lab's check is left out; the reason is told with it. */
const leftOut: Readonly<Record<string, string>> = {
  'console-enable': 'Serial over LAN is not implemented',
  'console-session': 'Serial over LAN is not implemented',
  'console-session-again': 'Serial over LAN is not implemented',
  'console-disable': 'Serial over LAN is not implemented',
  sensors: 'there are no sensors',
};

runAcceptance('npm run test:ironic', async (run) => {
  if (!hasLab()) throw new Error(EXPLAIN_MISSING_LAB);
  await installConsumers(run.print);
  const ironic = await startIronic(run.print);
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
  await driveTwoNodes(lab, ironic.endpoint, report);
  await fence(lab, report);
  await scrape(lab, report);
  await checkWithLab(lab, ironic, run);
}

/** All that Ironic does to a node by IPMI, one step after the other. */
async function checkWithLab(
  lab: Lab,
  ironic: IronicService,
  { report, print }: AcceptanceRun,
): Promise<void> {
  const { address, port, username, password, domain } = lab.bmc(0);
  const probe = `${virshLine(lab.libvirt)} domstate ${domain}`;
  const skip = Object.keys(leftOut).join(',');
  print(`\nironic-lab.sh check on ${address}:${port}:`);
  for (const [name, reason] of Object.entries(leftOut)) print(`  left out: ${name}: ${reason}`);
  const options = ['--power-probe', probe, '--skip', skip];
  const { text } = await ironic.run(['check', address, String(port), username, password, ...options]);
  const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(text);
  const [passed = 0, failed = 1, skipped = 0] = counts?.slice(1).map(Number) ?? [];
  report.add({ passed, failed, skipped });
}
