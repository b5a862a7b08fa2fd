/** The LAN parameters of a BMC on all addresses beside what this host knows of its network. */
import { networkInterfaces } from 'node:os';
import { inventoryText } from '#lab/inventory-text.ts';
import type { Lab } from '#lab/lab.ts';

/** Moves the BMC to all addresses and leaves it there. */
export async function compareNetwork(lab: Lab, index: number): Promise<string> {
  const bmc = lab.bmc(index);
  const bmcs = lab.vbmcd.bmcs.map((one) => (one === bmc ? { ...one, address: '0.0.0.0' } : one));
  lab.vbmcd.writeInventory(inventoryText(lab.libvirt.connectionUri, bmcs));
  const reloaded = await lab.vbmcd.vbmc('reload');
  if (reloaded.exitCode !== 0) throw new Error(reloaded.stderr);
  await lab.vbmcd.running();
  const { stdout } = await lab.ipmitool(bmc, ['lan', 'print', '1']);
  const printed = (name: string): string => new RegExp(`^${name} +: (\\S+)$`, 'm').exec(stdout)?.[1] ?? '';
  const address = printed('IP Address');
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.address === address);
  if (own === undefined) throw new Error(`${address} is no address of this host`);
  const { stdout: byDefault } = await lab.libvirt.run('ip', ['-4', 'route', 'show', 'default']);
  const gateway = / via (\S+)/.exec(byDefault)?.[1] ?? '0.0.0.0';
  const expected = { 'Subnet Mask': own.netmask, 'MAC Address': own.mac, 'Default Gateway IP': gateway };
  for (const [name, value] of Object.entries(expected))
    if (printed(name) !== value) throw new Error(`${name}: ${printed(name)}, of the host ${value}`);
  return `${address}, ${Object.values(expected).join(', ')}`;
}
