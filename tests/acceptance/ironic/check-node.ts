/** All that Ironic does to a node by IPMI, one step after the other. */
import type { LoggedCommand } from '#lab/ironic/command-log.ts';
import type { IronicService } from '#lab/ironic/ironic-service.ts';
import type { Lab } from '#lab/lab.ts';
import type { AcceptanceRun } from '../acceptance-run.ts';
import { bmcSteps, interrupt } from './bmc-steps.ts';
import { bootSteps, supportedBootDevices } from './boot-steps.ts';
import { deploySteps } from './deploy-steps.ts';
import { enrolmentSteps, removalSteps } from './enrolment-steps.ts';
import { NodeUnderTest } from './node-under-test.ts';
import { powerOnSteps, powerSteps } from './power-steps.ts';
import { sensors } from './sensor-steps.ts';
import type { Step } from './step.ts';

const INDEX = 0;

const steps: readonly Step[] = [
  ...enrolmentSteps,
  supportedBootDevices,
  ...powerOnSteps,
  sensors,
  ...bootSteps,
  interrupt,
  ...powerSteps,
  ...bmcSteps,
  ...deploySteps,
  ...removalSteps,
];

/**
 * Steps for what the BMC does not have yet. When a console is added, note:
 * Ironic takes exit code 1 of `sol deactivate` for success, so a silent BMC passes unless ipmitool's words are read.
 * When a client hangs up, socat sends SIGTERM to ipmitool, which ends without another packet and leaves its SOL payload
 * active; the BMC has to drop it when the session times out (60 s without traffic), so that a second client gets in.
 * Debian's socat needs help: see the console settings in tests/lab/ironic/configuration.ts.
 */
const leftOut: Readonly<Record<string, string>> = {
  'console-enable': 'Serial over LAN is not implemented',
  'console-session': 'Serial over LAN is not implemented',
  'console-session-again': 'Serial over LAN is not implemented',
  'console-disable': 'Serial over LAN is not implemented',
};

export async function checkNode(
  lab: Lab,
  ironic: IronicService,
  { report, print }: AcceptanceRun,
): Promise<void> {
  const node = new NodeUnderTest(ironic, lab, INDEX);
  const begin = node.log.position();
  const failed = new Set<string>();
  for (const { name, needs, run } of steps) {
    const passed = await report.step(`ironic: ${name}`, async () => {
      if (needs !== undefined && failed.has(needs)) throw new Error(`not run: ${needs} failed`);
      return runStep(node, run);
    });
    if (!passed) failed.add(name);
  }
  for (const [name, reason] of Object.entries(leftOut)) report.skip(`ironic: ${name}`, reason);
  summarize(node.log.commands(begin), print);
}

/** Adds what ipmitool said to a failure, and the number of commands to a success. */
async function runStep(node: NodeUnderTest, run: Step['run']): Promise<string> {
  const since = node.log.position();
  try {
    const detail = await run(node);
    return `${detail} (${node.log.commands(since).length} commands)`;
  } catch (error) {
    const said = node.log.lastFailure(since);
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(said === '' ? message : `${message} [${said}]`);
  }
}

/** How often Ironic ran which command, how it ended and how long it took. */
function summarize(commands: readonly LoggedCommand[], print: (line: string) => void): void {
  print(`\nipmitool commands that Ironic ran on this BMC: ${commands.length}`);
  print('times  outcome     seconds: min  mean   max  command');
  for (const words of new Set(commands.map((command) => command.words))) {
    const same = commands.filter((command) => command.words === words);
    const outcomes = [...new Set(same.map(({ outcome }) => outcome))].join(',');
    const seconds = same.map((command) => command.seconds);
    const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
    const figures = [Math.min(...seconds), mean, Math.max(...seconds)];
    const columns = figures.map((figure) => figure.toFixed(2).padStart(5)).join(' ');
    print(`${String(same.length).padStart(4)}x  ${outcomes.padEnd(18)} ${columns}  ${words}`);
  }
}
