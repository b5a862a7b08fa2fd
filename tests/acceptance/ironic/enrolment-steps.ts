import { IronicRefusal, type IronicNode } from '#lab/ironic/ironic-api.ts';
import type { NodeUnderTest } from './node-under-test.ts';
import type { Step } from './step.ts';

const validatedInterfaces = ['power', 'management', 'boot', 'deploy', 'console'];
const shownInterfaces = ['power', 'management', 'boot', 'deploy', 'console', 'vendor'];
const MANAGE_TIMEOUT_MS = 300_000;
const REFUSAL_TIMEOUT_MS = 400_000;

export const enrolmentSteps: readonly Step[] = [
  { name: 'enroll', run: enrol },
  { name: 'validate', needs: 'enroll', run: validate },
  { name: 'manage', needs: 'enroll', run: manage },
];

export const removalSteps: readonly Step[] = [
  { name: 'wrong-password', needs: 'enroll', run: refuseWrongPassword },
  { name: 'delete', needs: 'enroll', run: remove },
];

async function enrol(node: NodeUnderTest): Promise<string> {
  const made = (await node.enrol()) as IronicNode & Readonly<Record<string, string>>;
  const interfaces = shownInterfaces.map((name) => `${name}=${made[`${name}_interface`] ?? 'none'}`);
  return `${made.uuid}: ${interfaces.join(' ')}`;
}

/** Ironic looks at the node's settings only: it asks the BMC nothing. */
async function validate(node: NodeUnderTest): Promise<string> {
  const results = (await node.api.get(`/nodes/${node.name}/validate`)) as Readonly<
    Record<string, { readonly result: boolean; readonly reason?: string }>
  >;
  const bad = validatedInterfaces.filter((name) => results[name]?.result !== true);
  if (bad.length > 0)
    throw new Error(bad.map((name) => `${name}: ${results[name]?.reason ?? ''}`).join('; '));
  return validatedInterfaces.join(' ');
}

async function manage(node: NodeUnderTest): Promise<string> {
  const ends = (state: string): boolean => ['manageable', 'enroll'].includes(state);
  const now = await node.provision('manage', ends, MANAGE_TIMEOUT_MS);
  const { provision_state: state, power_state: power, last_error: error } = now;
  if (state !== 'manageable') throw new Error(`still in ${state}; last_error: ${error ?? 'none'}`);
  if (power !== 'power on' && power !== 'power off') throw new Error(`power_state is ${power ?? 'unknown'}`);
  return `${power}; vendor read from the BMC: ${String(now.properties['vendor'])}`;
}

async function refuseWrongPassword(node: NodeUnderTest): Promise<string> {
  const { password } = node.bmc;
  const name = `${node.name}-wrong`;
  const power = await node.bmcPower();
  if (power !== 'on' && power !== 'off') throw new Error(`the right password does not work either: ${power}`);
  const wrong = `${password.slice(0, -1)}${password.endsWith('x') ? 'y' : 'x'}`;
  await node.api.post('/nodes', { name, driver: 'ipmi', driver_info: node.driverInfo(wrong) });
  try {
    await node.api.put(`/nodes/${name}/states/provision`, { target: 'manage' });
    const ended = ({ provision_state: state, last_error: error }: IronicNode): boolean =>
      state === 'manageable' || (state === 'enroll' && error !== null);
    const now = await node.api.settled(name, ended, REFUSAL_TIMEOUT_MS);
    if (now.provision_state === 'manageable') throw new Error('the BMC accepts a wrong password');
    return `refused, the node stays in enroll: ${now.last_error?.replaceAll(/\s+/g, ' ').slice(0, 120) ?? ''}`;
  } finally {
    await node.remove(name);
  }
}

async function remove(node: NodeUnderTest): Promise<string> {
  await node.remove();
  try {
    await node.api.node(node.name);
  } catch (error) {
    if (error instanceof IronicRefusal && error.status === 404) return 'the node is gone';
    throw error;
  }
  throw new Error('the node is still there');
}
