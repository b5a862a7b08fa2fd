import type { NodeUnderTest, Power } from './node-under-test.ts';
import type { Step } from './step.ts';

/** How long Ironic waits for the guest to obey; the lab's guest needs a second. */
const SOFT_TIMEOUT_SECONDS = 60;
/** In addition to the guest's time, for Ironic's own commands and retries. */
const FURTHER_SECONDS = 200;

export const powerOnSteps: readonly Step[] = [
  step('power-on', async (node) => {
    await node.forcePower('off');
    return node.changePower('power on', 'on');
  }),
  step('power-on-again', async (node) => {
    await node.forcePower('on');
    const since = node.log.position();
    const result = await node.changePower('power on', 'on');
    return `${result}; commands: ${words(node, since).join(', ')}`;
  }),
];

export const powerSteps: readonly Step[] = [
  step('reboot', async (node) => {
    await node.forcePower('on');
    const since = node.log.position();
    const result = await node.changePower('rebooting', 'on');
    const ran = successes(node, since);
    if (!ran.includes('power off') || !ran.includes('power on')) {
      throw new Error(`Ironic did not cycle the power, it only ran: ${ran.join(', ')}`);
    }
    return `${result} after a power cycle`;
  }),
  step('soft-power-off', (node) => softly(node, 'soft power off', 'off', SOFT_TIMEOUT_SECONDS)),
  step('soft-reboot', (node) => softly(node, 'soft rebooting', 'on', 2 * SOFT_TIMEOUT_SECONDS)),
  step('power-off', async (node) => {
    await node.forcePower('on');
    return node.changePower('power off', 'off');
  }),
  step('power-off-again', async (node) => {
    await node.forcePower('off');
    return node.changePower('power off', 'off');
  }),
  step('power-sync', async (node) => {
    await node.forcePower('off');
    const { exitCode, stderr } = await node.ipmitool('power', 'on');
    if (exitCode !== 0) throw new Error(`ipmitool power on, by hand: ${stderr.trim()}`);
    const startedAt = performance.now();
    await node.settled(({ power_state: state }) => state === 'power on');
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return `Ironic noticed after ${seconds} s that the power was changed by another client`;
  }),
];

function step(name: string, run: Step['run']): Step {
  return { name, needs: 'manage', run };
}

async function softly(
  node: NodeUnderTest,
  target: string,
  wanted: Power,
  guestSeconds: number,
): Promise<string> {
  await node.forcePower('on');
  try {
    return await node.changePower(target, wanted, {
      softTimeoutSeconds: SOFT_TIMEOUT_SECONDS,
      timeoutMs: (guestSeconds + FURTHER_SECONDS) * 1000,
    });
  } catch (error) {
    await node.forcePower(wanted);
    throw error;
  }
}

function words(node: NodeUnderTest, since: number): readonly string[] {
  return node.log.commands(since).map((command) => command.words);
}

/** The commands that the BMC has carried out. */
export function successes(node: NodeUnderTest, since: number): readonly string[] {
  const commands = node.log.commands(since);
  return commands.filter(({ outcome }) => outcome === '0').map((command) => command.words);
}
