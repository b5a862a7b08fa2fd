/** BMCs in VirtualBMC's own files, written as metal3-dev-env writes them: read at the start, and at a reload. */
import { defineGuest } from '#lab/guest.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs, startVbmcd, type LaunchOptions } from '#lab/vbmcd.ts';
import { ipmiClients } from '#support/clients/ipmi-clients.ts';

const names = ['node_0', 'node_1'];

let libvirt: PrivateLibvirt;
let bmcs: readonly LabBmc[];

beforeEach(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  for (const name of names) await defineGuest(libvirt, name);
  bmcs = await planBmcs(names);
});
afterEach(async () => {
  await libvirt.stop();
});

function bmcAt(index: number): LabBmc {
  const bmc = bmcs[index];
  if (bmc === undefined) throw new Error(`there is no BMC ${index}`);
  return bmc;
}

/** Keys, order and modes are those of the role `virtbmc`; returns the path of `virtualbmc.conf`. */
function writeSettings(): string {
  const { directory } = libvirt;
  directory.makeDirectory('virtualbmc', 0o750);
  directory.makeDirectory('virtualbmc/conf', 0o750);
  const lines = [
    ...['[default]', `config_dir=${directory.path}/virtualbmc/conf/`],
    ...['[log]', 'logfile=/root/.vbmc/log/virtualbmc.log', 'debug=True'],
    ...['[ipmi]', 'session_timout=20'],
  ];
  return directory.write('virtualbmc/virtualbmc.conf', `${lines.join('\n')}\n`, 0o750);
}

function writeConfig({ name, username, password, address, port }: LabBmc): void {
  const keys = { username, password, domain_name: name, libvirt_uri: libvirt.connectionUri };
  const lines = Object.entries({ ...keys, address, active: 'True', port }).map(
    ([key, value]) => `${key} = ${value}\n`,
  );
  libvirt.directory.makeDirectory(`virtualbmc/conf/${name}`, 0o750);
  libvirt.directory.write(`virtualbmc/conf/${name}/config`, `[VirtualBMC]\n${lines.join('')}`, 0o750);
}

async function switchesOnAndOff(bmc: LabBmc): Promise<void> {
  for (const [operation, state] of [
    ['on', 'running'],
    ['off', 'shut off'],
  ] as const) {
    const { exitCode, stderr } = await ipmiClients(libvirt).ipmitool(bmc, ['power', operation]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((await libvirt.virsh('domstate', bmc.domain)).trim()).toBe(state);
  }
}

type Settings = (configFile: string) => { readonly inventory: string | undefined } & LaunchOptions;

test.each<[string, Settings]>([
  [
    'the key virtualbmc_dir',
    () => ({ inventory: `[vbmc]\nvirtualbmc_dir = ${libvirt.directory.path}/virtualbmc\n` }),
  ],
  [
    'VIRTUALBMC_CONFIG, and no inventory',
    (configFile) => ({ inventory: undefined, environment: { VIRTUALBMC_CONFIG: configFile } }),
  ],
])('%s: BMCs answer from the start; a new directory counts from the reload on', async (_, settings) => {
  const configFile = writeSettings();
  writeConfig(bmcAt(0));
  const { inventory, ...options } = settings(configFile);
  const daemon = await startVbmcd(libvirt, inventory, options);
  await daemon.running('node_0');
  await switchesOnAndOff(bmcAt(0));

  writeConfig(bmcAt(1));
  expect((await daemon.list()).map(({ name }) => name)).toEqual(['node_0']);
  expect(await daemon.vbmc('reload')).toMatchObject({ exitCode: 0 });
  expect((await daemon.running(...names)).map(({ name }) => name)).toEqual(names);
  await switchesOnAndOff(bmcAt(1));

  const { stdout } = await daemon.vbmc('list', '-f', 'value', '-c', 'Domain name', '-c', 'Status');
  expect(stdout).toBe('node_0 running\nnode_1 running\n');
});
