/** Two nodes, enrolled from our own export, driven at the same time. `virsh` shows whether Ironic's states are true. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '#lab/lab.ts';
import type { IronicApi } from '#lab/ironic/ironic-api.ts';
import type { IronicService } from '#lab/ironic/ironic-service.ts';
import { exportTo } from './export-files.ts';
import { consume, missing } from './consumers.ts';
import type { Report } from './report.ts';

const nodes = ['node-0', 'node-1'] as const;

export async function driveTwoNodes(
  lab: Lab,
  { api, endpoint }: IronicService,
  report: Report,
): Promise<void> {
  const withoutClient = missing('baremetal');
  if (withoutClient !== undefined) {
    report.skip('two nodes from our export', withoutClient);
    return;
  }
  const enrolled = await report.step('baremetal create, two nodes', async () => {
    const file = await exportTo(lab, 'ironic', 'nodes.yaml');
    await consume('baremetal', ['--os-auth-type', 'none', '--os-endpoint', endpoint, 'create', file]);
    for (const [index, name] of nodes.entries()) await compare(api, lab, index, name);
    return `from ${file}`;
  });
  if (!enrolled) return;
  const both = (name: string, run: (node: string) => Promise<string>): Promise<boolean> =>
    report.step(`two nodes at once: ${name}`, async () => {
      const details = await Promise.all(nodes.map(run));
      return details.join('; ');
    });
  await both('manage', async (name) => {
    await api.put(`/nodes/${name}/states/provision`, { target: 'manage' });
    const { power_state: power } = await api.settled(name, (node) => node.provision_state === 'manageable');
    return `${name} ${power ?? 'unknown'}`;
  });
  await both('power on', (name) => power(api, lab, name, 'power on', 'running'));
  await both('boot device', async (name) => {
    const wanted = { boot_device: 'pxe', persistent: true };
    await api.put(`/nodes/${name}/management/boot_device`, wanted);
    const read = JSON.stringify(await api.get(`/nodes/${name}/management/boot_device`));
    if (read !== JSON.stringify(wanted)) throw new Error(`${name}: ${read}`);
    return `${name} ${read}`;
  });
  await both('reboot', async (name) => {
    const before = await domainId(lab, name);
    const detail = await power(api, lab, name, 'rebooting', 'running', 'power on');
    await lab.waitForSerial(name, 'boot net0');
    const after = await domainId(lab, name);
    if (before === after) throw new Error(`${name}: domain id ${before} before and after`);
    return `${detail}, booted from its network card`;
  });
  await both('power off', (name) => power(api, lab, name, 'power off', 'shut off'));
  await both('delete', async (name) => {
    await api.delete(`/nodes/${name}`);
    return name;
  });
}

async function domainId(lab: Lab, name: string): Promise<string> {
  return (await lab.libvirt.virsh('domid', name)).trim();
}

async function power(
  api: IronicApi,
  lab: Lab,
  name: string,
  target: string,
  domainState: string,
  powerState = target,
): Promise<string> {
  await api.put(`/nodes/${name}/states/power`, { target });
  // The API answers before Ironic has begun.
  await sleep(500);
  await api.settled(name, (node) => node.power_state === powerState);
  const actual = await lab.domstate(name);
  if (actual !== domainState) throw new Error(`${name}: Ironic says ${powerState}, virsh says ${actual}`);
  return `${name} ${actual}`;
}

/** Whether Ironic shows the domain's state. */
async function compare(api: IronicApi, lab: Lab, index: number, name: string): Promise<void> {
  const { driver_info: driverInfo, properties } = await api.node(name);
  const { ports } = (await api.get(`/ports?node=${name}`)) as { ports: readonly { address: string }[] };
  const xml = await lab.libvirt.virsh('dumpxml', '--inactive', name);
  const macs = [...xml.matchAll(/<mac address='([^']+)'/g)].map(([, mac]) => mac);
  const { port, address } = lab.bmc(index);
  const got = JSON.stringify([
    driverInfo['ipmi_address'],
    Number(driverInfo['ipmi_port']),
    properties['cpu_arch'],
  ]);
  const wanted = JSON.stringify([address, port, 'x86_64']);
  if (got !== wanted) throw new Error(`${name}: Ironic has ${got} instead of ${wanted}`);
  const addresses = ports.map((one) => one.address);
  if (JSON.stringify(addresses) !== JSON.stringify(macs))
    throw new Error(`${name}: ports ${addresses.join()}`);
}
