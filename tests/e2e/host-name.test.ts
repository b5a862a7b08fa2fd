/** A BMC at a host name: it waits for the name, follows it, and powers its domain at each address. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeUdpPorts } from '#lab/free-ports.ts';
import { defineGuest } from '#lab/guest.ts';
import { labUser } from '#lab/lab-user.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { launchVbmcd, type Vbmcd } from '#lab/vbmcd.ts';
import { ipmiClients, type IpmitoolOptions } from '#support/clients/ipmi-clients.ts';
import { waitFor } from '#support/wait-for.ts';

const NAME = 'ipmi.utility';
const PASSWORD = 'of-the-test';

// A hosts file of vbmcd's own needs root; CI is root.
const IS_ROOT = process.getuid?.() === 0;
let libvirt: PrivateLibvirt;
let daemon: Vbmcd;
let port: number;
let hostsFile: string;

/** The file stays the same, because it is mounted. */
function nameMeans(...addresses: readonly string[]): void {
  const lines = addresses.map((address) => `${address} ${NAME}\n`);
  writeFileSync(hostsFile, readFileSync('/etc/hosts', 'utf8') + lines.join(''));
}

beforeAll(async () => {
  if (!IS_ROOT) return;
  libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  await defineGuest(libvirt, 'node-0', {});
  [port = 0] = await freeUdpPorts(1);
  hostsFile = join(libvirt.directory.path, 'hosts');
  nameMeans();
  const user = [
    'setpriv',
    `--reuid=${labUser.uid ?? 0}`,
    `--regid=${labUser.gid ?? 0}`,
    '--clear-groups',
    '--',
  ];
  const mounting = `mount --bind '${hostsFile}' /etc/hosts && exec "$@"`;
  const section = `[node-0]\naddress = ${NAME}\nport = ${port}\npassword = ${PASSWORD}\nlibvirt_uri = ${libvirt.connectionUri}\n`;
  daemon = launchVbmcd(libvirt, section, {
    rootLauncher: ['unshare', '--mount', 'sh', '-c', mounting, 'sh', ...user],
  });
});
afterAll(async () => {
  if (IS_ROOT) await libvirt.stop();
});

async function power(address: string, operation: string, options: IpmitoolOptions = {}): Promise<string> {
  const bmc = {
    ...{ name: 'node-0', domain: 'node-0', address, port },
    ...{ username: 'admin', password: PASSWORD },
  };
  const { stdout } = await ipmiClients(libvirt).ipmitool(bmc, ['power', operation], options);
  return stdout.trim();
}

async function domainIs(state: string): Promise<void> {
  await waitFor(`the domain to be ${state}`, async () => {
    return (await libvirt.virsh('domstate', 'node-0')).trim() === state;
  });
}

test('without an address the BMC waits and says so; with one it starts by itself', async () => {
  if (!IS_ROOT) return;
  const waiting = await waitFor('the BMC to wait', async () => {
    const [listed] = await daemon.list();
    return listed?.status === 'bindFailed' ? listed : undefined;
  });
  expect(waiting).toMatchObject({ address: NAME, pid: null });
  expect(waiting.reason).toMatch(/^waiting for an address of host name ipmi\.utility: /);
  const { stdout } = await daemon.vbmc('doctor');
  expect(stdout).toMatch(/^error {4}\[node-0\]: waiting for an address of host name ipmi\.utility/m);

  nameMeans('127.0.0.2');
  await daemon.running('node-0');
  expect(await power('127.0.0.2', 'on')).toBe('Chassis Power Control: Up/On');
  await domainIs('running');
});

test('it answers at the new address of the name, in the same process, and no more at the old one', async () => {
  if (!IS_ROOT) return;
  const [before] = await daemon.list();
  nameMeans('127.0.0.3');
  await waitFor('an answer at the new address', async () => {
    return (await power('127.0.0.3', 'status')) === 'Chassis Power is on';
  });
  expect(await power('127.0.0.2', 'status', { tries: 1, retryIntervalSeconds: 1 })).toBe('');
  expect(await power('127.0.0.3', 'off')).toBe('Chassis Power Control: Down/Off');
  await domainIs('shut off');
  const [after] = await daemon.list();
  expect(after).toMatchObject({ pid: before?.pid, status: 'running', restarts: 0, reason: null });
});

test('a name that means another machine takes nothing away', async () => {
  if (!IS_ROOT) return;
  nameMeans('192.0.2.1');
  await waitFor('the warning', () =>
    daemon.log().includes('which is no address of this machine; its BMCs keep 127.0.0.3'),
  );
  expect(await power('127.0.0.3', 'status')).toBe('Chassis Power is off');
  expect((await daemon.list())[0]).toMatchObject({
    status: 'running',
    reason: expect.stringContaining('keeps 127.0.0.3') as string,
  });
});
