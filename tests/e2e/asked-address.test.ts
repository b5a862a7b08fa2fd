/** A BMC on `::`, the default, answers from the address that was asked, on a host with several in each of two networks. */
import { spawn } from 'node:child_process';
import { askedHost, POWER_IS_ON, type AskedHost } from '#lab/asked-host.ts';
import { installPrograms } from '#lab/debian-packages.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { makeTwoNetworks, type TwoNetworks } from '#lab/two-networks.ts';
import { startVbmcd, type Vbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';

const PASSWORD = 'of-the-test';
const PORT = 6230;
const asked = [
  '10.77.0.1',
  '10.77.0.2',
  '10.78.0.1',
  '10.78.0.2',
  'fd77::1',
  'fd77::2',
  'fd78::1',
  'fd78::2',
];

// Network namespaces need root; CI is root.
const IS_ROOT = process.getuid?.() === 0;
let libvirt: PrivateLibvirt;
let networks: TwoNetworks;
let daemon: Vbmcd;
let client: AskedHost;
beforeAll(async () => {
  if (!IS_ROOT) return;
  await installPrograms({ ip: 'iproute2' }, { print: () => undefined });
  networks = await makeTwoNetworks(
    [
      ['10.77.0.1/24', '10.77.0.2/24', 'fd77::1/64', 'fd77::2/64', 'fe80::77/64'],
      ['10.78.0.1/24', '10.78.0.2/24', 'fd78::1/64', 'fd78::2/64'],
    ],
    [
      ['10.77.0.9/24', 'fd77::9/64', 'fe80::99/64'],
      ['10.78.0.9/24', 'fd78::9/64'],
    ],
  );
  libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  const section = `[test]\npassword = ${PASSWORD}\nport = ${PORT}\nlibvirt_uri = ${libvirt.connectionUri}\n`;
  daemon = await startVbmcd(libvirt, section, { rootLauncher: networks.onHost });
  await daemon.running();
  client = askedHost(networks, PORT, PASSWORD);
});
afterAll(async () => {
  if (!IS_ROOT) return;
  await libvirt.stop();
  await networks.remove();
});

test('every address answers from itself', async () => {
  if (!IS_ROOT) return;
  for (const host of asked) expect([host, await client.ask(host)]).toEqual([host, POWER_IS_ON]);
  expect(await client.ask('fe80::77%client0')).toBe(POWER_IS_ON);
});

test('addresses come and go while a session runs', async () => {
  if (!IS_ROOT) return;
  const shell = client.openShell('10.77.0.2');
  await shell.ask();
  const pid = (await daemon.list())[0]?.pid;

  for (const [added, network] of [
    ['10.77.0.3/24', 0],
    ['fd78::3/64', 1],
  ] as const) {
    await networks.address('add', added, network);
    const [address = ''] = added.split('/');
    await waitFor(`an answer from ${address}`, async () => (await client.ask(address)) === POWER_IS_ON);
  }
  await networks.address('del', '10.78.0.2/24', 1);
  await networks.address('del', 'fd77::2/64', 0);
  await shell.ask();
  for (const host of ['10.77.0.1', '10.77.0.2', '10.78.0.1', 'fd77::1', 'fd78::2']) {
    expect([host, await client.ask(host)]).toEqual([host, POWER_IS_ON]);
  }

  // The session's own address goes and comes back: the session is still there.
  await networks.address('del', '10.77.0.2/24', 0);
  await networks.address('add', '10.77.0.2/24', 0);
  await waitFor('an answer from it', async () => (await client.ask('10.77.0.2')) === POWER_IS_ON);
  await shell.ask();
  await shell.end();
  expect(shell.said()).not.toContain('Unable to establish');
  expect((await daemon.list())[0]?.pid).toBe(pid);
});

test('an address that another program has on this port: the others answer, and the log says so', async () => {
  if (!IS_ROOT) return;
  const squatter = `const s = require('node:dgram').createSocket('udp4'); s.bind(${PORT}, '10.77.0.50', () => console.log('bound'))`;
  await networks.address('add', '10.78.0.50/24', 1);
  await waitFor('an answer from 10.78.0.50', async () => (await client.ask('10.78.0.50')) === POWER_IS_ON);
  // Bound before vbmcd looks again: the program can bind an address that the host does not have yet.
  const [program, ...words] = [...networks.onHost, process.execPath, '-e', squatter];
  await networks.allowForeignBinds();
  const other = spawn(program, words);
  let said = '';
  other.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  try {
    await waitFor('the other program', () => said.includes('bound'));
    await networks.address('add', '10.77.0.50/24', 0);
    await waitFor('the log', () =>
      daemon.log().includes('BMC does not answer on 10.77.0.50: port 6230/udp is in use'),
    );
    expect(await client.ask('10.77.0.1')).toBe(POWER_IS_ON);
  } finally {
    other.kill('SIGKILL');
  }
  await waitFor('an answer from 10.77.0.50', async () => (await client.ask('10.77.0.50')) === POWER_IS_ON);
});
