import { setBootMode } from './boot-steps.ts';
import type { NodeUnderTest } from './node-under-test.ts';
import { successes } from './power-steps.ts';
import type { Step } from './step.ts';

const AVAILABLE_TIMEOUT_MS = 120_000;
const DEPLOY_TIMEOUT_MS = 400_000;
/** Set Boot Flags: valid, persistent, EFI; PXE. */
const PERSISTENT_EFI_PXE = 'raw 0x00 0x08 0x05 0xe0 0x04';

export const deploySteps: readonly Step[] = [
  { name: 'deploy-ramdisk', needs: 'manage', run: deploy },
  { name: 'undeploy', needs: 'deploy-ramdisk', run: undeploy },
];

async function deploy(node: NodeUnderTest): Promise<string> {
  await node.forcePower('off');
  await setBootMode(node, 'uefi');
  const { provision_state: state } = await node.settled();
  if (state === 'manageable') {
    await node.provision('provide', (now) => now === 'available', AVAILABLE_TIMEOUT_MS);
  }
  const since = node.log.position();
  const ends = (now: string): boolean => now === 'active' || now === 'error' || now.includes('fail');
  const end = await node.provision('active', ends, DEPLOY_TIMEOUT_MS);
  if (end.provision_state !== 'active') {
    throw new Error(`${end.provision_state}; last_error: ${end.last_error ?? 'none'}`);
  }
  if (end.power_state !== 'power on') throw new Error(`active, but ${end.power_state ?? 'power unknown'}`);
  const ran = successes(node, since);
  if (!ran.some((words) => words.startsWith(PERSISTENT_EFI_PXE))) {
    throw new Error(`active, but no persistent network boot by EFI was set: ${ran.join(', ')}`);
  }
  return `active, booted from the network; ${await node.confirmPower('on')}`;
}

async function undeploy(node: NodeUnderTest): Promise<string> {
  const { provision_state: state } = await node.api.node(node.name);
  if (!['active', 'deploy failed', 'error'].includes(state)) throw new Error(`provision_state is ${state}`);
  const ends = (now: string): boolean => ['available', 'error', 'clean failed'].includes(now);
  const end = await node.provision('deleted', ends, DEPLOY_TIMEOUT_MS);
  if (end.provision_state !== 'available') {
    throw new Error(`${end.provision_state}; last_error: ${end.last_error ?? 'none'}`);
  }
  return `available again; ${await node.confirmPower('off')}`;
}
