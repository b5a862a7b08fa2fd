/** `fence_ipmilan`, as Pacemaker calls it. `virsh` shows whether a machine reported as fenced really is. */
import type { Lab } from '#lab/lab.ts';
import { consume, missing } from './consumers.ts';
import type { Report } from './report.ts';

const NODE = 'node-1';
const INDEX = 1;

export async function fence(lab: Lab, report: Report): Promise<void> {
  const withoutIt = missing('fence_ipmilan');
  if (withoutIt !== undefined) {
    report.skip('fence_ipmilan', withoutIt);
    return;
  }
  const { address, port, username, password } = lab.bmc(INDEX);
  const agent = async (action: string, ...further: string[]): Promise<string> => {
    const target = [`--ip=${address}`, `--ipport=${port}`, '--lanplus'];
    const login = [`--username=${username}`, `--password=${password}`];
    return (await consume('fence_ipmilan', [...target, ...login, `--action=${action}`, ...further])).trim();
  };
  const step = (name: string, state: string, args: readonly [string, ...string[]], restarts = false) =>
    report.step(`fence_ipmilan ${name}`, async () => {
      const before = await domainId(lab);
      const said = await agent(...args);
      const actual = await lab.domstate(NODE);
      if (actual !== state) throw new Error(`it said ${said}, virsh says ${actual}`);
      const isOther = before !== (await domainId(lab));
      if (restarts && !isOther) throw new Error(`it said ${said}, but the domain was not restarted`);
      return `${said.replaceAll('\n', ' ')}; virsh: ${actual}`;
    });
  await step('on', 'running', ['on']);
  await step('monitor', 'running', ['monitor']);
  await step('reboot, method onoff', 'running', ['reboot', '--method=onoff'], true);
  await step('reboot, method cycle', 'running', ['reboot', '--method=cycle'], true);
  await step('off', 'shut off', ['off']);
}

async function domainId(lab: Lab): Promise<string> {
  return (await lab.libvirt.virsh('domid', NODE)).trim();
}
