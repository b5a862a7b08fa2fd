/** One ssh connection for all BMCs of a hypervisor elsewhere: a real sshd, and links to it that are slow, cut and silent. */
import { startLabSshd, type LabSshd } from '#lab/lab-sshd.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { startSlowLink, type SlowLink } from '#lab/slow-link.ts';
import { planBmcs, startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';
import { ipmiClients, type IpmiClients } from '#support/clients/ipmi-clients.ts';
import { waitFor } from '#support/wait-for.ts';

const patient = { retryIntervalSeconds: 10, tries: 4 };
const names = Array.from({ length: 12 }, (_, index) => `node-${index}`);

let libvirt: PrivateLibvirt;
let clients: IpmiClients;
let sshd: LabSshd;
let link: SlowLink;
let vbmcd: LabVbmcd;

beforeAll(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  clients = ipmiClients(libvirt);
  for (const name of names) await libvirt.defineDomain(domainXml(name));
  // Three logins at a time: what a login for each virsh would soon exceed.
  sshd = await startLabSshd(libvirt, { settings: ['MaxStartups 3', 'MaxSessions 2'] });
  link = await startSlowLink(sshd.port, { connectMs: 1_000 });
  vbmcd = await startLabVbmcd(libvirt, await planBmcs(names), {
    inventoryKeys: { libvirt_uri: sshd.connectionUri(link.port) },
  });
  await stands();
});
afterAll(async () => {
  link.stop();
  await libvirt.stop();
});

function domainXml(name: string): string {
  return `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type><boot dev='hd'/></os><devices><interface type='user'/></devices></domain>`;
}

async function kept(): Promise<{ readonly state: string; readonly cause: string | null } | undefined> {
  const { stdout } = await vbmcd.vbmc('status', '--json');
  const status = JSON.parse(stdout) as {
    readonly keptConnections: readonly { readonly state: string; readonly cause: string | null }[];
  };
  return status.keptConnections[0];
}

/** Until the connection stands, and the domain watch knows every domain by it. */
async function stands(): Promise<void> {
  await waitFor('the kept connection to stand', async () => {
    const now = await kept();
    if (now?.state !== 'standing') throw new Error(JSON.stringify(now));
    return true;
  });
  await waitFor('the domain watch', async () =>
    (await vbmcd.list()).every(({ powerState }) => powerState !== 'unknown'),
  );
}

function bmc(index: number): LabBmc {
  const found = vbmcd.bmcs[index];
  if (found === undefined) throw new Error(`no BMC ${index}`);
  return found;
}

async function power(index: number, operation: string): Promise<string> {
  const { exitCode, stdout, stderr } = await clients.ipmitool(bmc(index), ['chassis', 'power', operation]);
  if (exitCode !== 0) throw new Error(`power ${operation} of ${index}: ${stderr}`);
  return stdout.trim();
}

async function domstate(name: string): Promise<string> {
  return (await libvirt.virsh('domstate', name)).trim();
}

test('one login serves the watch and every command', async () => {
  const [links, logins] = [link.count(), sshd.logins()];
  expect(await power(0, 'on')).toContain('Up/On');
  expect(await domstate('node-0')).toBe('running');
  const bootDevice = await clients.ipmitool(bmc(0), ['chassis', 'bootdev', 'pxe', 'options=persistent']);
  expect(bootDevice.exitCode).toBe(0);
  expect(await libvirt.virsh('dumpxml', '--inactive', 'node-0')).toContain("<boot dev='network'/>");
  expect(await power(0, 'cycle')).toContain('Cycle');
  expect(await power(0, 'off')).toContain('Down/Off');
  expect(await domstate('node-0')).toBe('shut off');
  expect([link.count(), sshd.logins()]).toEqual([links, logins]);
  expect((await vbmcd.vbmc('status')).stdout).toMatch(/kept: +test\+ssh:.* stands for/);
});

test('twelve power ons at once are all done, though sshd lets three log in at a time', async () => {
  const links = link.count();
  await Promise.all(names.map((_, index) => power(index, 'on')));
  expect(await Promise.all(names.map(domstate))).toEqual(names.map(() => 'running'));
  expect(link.count()).toBe(links);
  expect(sshd.log()).not.toContain('past MaxStartups');
  await Promise.all(names.map((_, index) => power(index, 'off')));
});

test('a power cycle goes on when the connection is cut in the middle of it', async () => {
  await power(1, 'on');
  const ended = clients.ipmitool(bmc(1), ['chassis', 'power', 'cycle'], patient);
  await waitFor('the first half', async () => (await domstate('node-1')) === 'shut off', {
    intervalMs: 5,
  }).catch(() => undefined);
  link.cut();
  await ended;
  await waitFor('the second half', async () => (await domstate('node-1')) === 'running');
  await stands();
  expect(await power(1, 'status')).toBe('Chassis Power is on');
});

test('when sshd is killed, the BMCs say so, and all is well when it is back', async () => {
  await sshd.kill();
  await waitFor('the loss', async () => (await kept())?.state !== 'standing');
  expect((await clients.ipmitool(bmc(2), ['chassis', 'power', 'on'])).exitCode).not.toBe(0);
  expect(await domstate('node-2')).toBe('shut off');
  await waitFor('the reason', async () => ((await kept())?.cause ?? '') !== '');
  await sshd.start();
  await stands();
  const links = link.count();
  expect(await power(2, 'on')).toContain('Up/On');
  expect(link.count()).toBe(links);
});

test('an sshd that forwards no sockets is used by a login for each virsh', async () => {
  const strict = await startLabSshd(libvirt, {
    folder: 'strict',
    settings: ['AllowStreamLocalForwarding no'],
  });
  const own = await startLabVbmcd(libvirt, await planBmcs(['node-3']), {
    name: 'own',
    inventoryKeys: { libvirt_uri: strict.connectionUri() },
  });
  const [only] = own.bmcs;
  if (only === undefined) throw new Error('no BMC');
  const said = await waitFor('the reason', async () =>
    /kept: .*does not lead to libvirt.*/.exec((await own.vbmc('status')).stdout),
  );
  expect(said[0]).not.toContain('stands');
  const before = strict.logins();
  const { exitCode } = await clients.ipmitool(only, ['chassis', 'power', 'on'], patient);
  expect(exitCode).toBe(0);
  expect(await domstate('node-3')).toBe('running');
  expect(strict.logins()).toBeGreaterThan(before + 1);
  await own.stop();
});

test('nothing is left when vbmcd has ended', async () => {
  await vbmcd.stop();
  await waitFor('every connection to end', () => link.open() === 0);
  expect(vbmcd.log()).not.toContain('the run directory is not empty');
});
