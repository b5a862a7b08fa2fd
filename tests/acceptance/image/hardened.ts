/** The container as the quadlet and the compose file run it, and by a command of its own that names the path of pip's vbmcd. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventoryText } from '#lab/inventory-text.ts';
import { expectText } from '../service/expect.ts';
import {
  CONTAINER,
  inContainer,
  powerCycles,
  startContainer,
  URI_IN_CONTAINER,
  type ImageBench,
} from './bench.ts';

/** As config/container/vbmc.container has it. */
const hardening = [
  ...['--cap-drop', 'all', '--cap-add', 'NET_BIND_SERVICE'],
  ...['--security-opt', 'no-new-privileges', '--read-only'],
  ...['--volume', 'vbmc-state:/var/lib/vbmc'],
];

/** No timer: podman would have systemd run one. */
const health = ['--health-cmd', '/usr/bin/vbmc status', '--health-interval', 'disable'];

/** A shell line; the image has no pkill. */
function signalVbmcd(name: string): string {
  return `for each in /proc/[0-9]*; do if [ "$(cat $each/comm)" = vbmcd ]; then kill -${name} \${each#/proc/}; fi; done`;
}

export async function hardenedContainer(bench: ImageBench): Promise<void> {
  const { report, podman, libvirt } = bench;
  // Standard port: vbmcd needs its only capability.
  const bmc = { ...bench.bmc, address: '127.0.0.7', port: 623 };

  await report.step('hardened: a new volume gets an inventory', async () => {
    await startContainer(bench, [...hardening, '--volume', 'vbmc-inventory:/etc/vbmc']);
    expectText('vbmc list', await inContainer(podman, 'vbmc', 'list', '-f', 'json'), '[]');
    const write = "sed 's/^/x/' /etc/hostname > /usr/local/share/x";
    if ((await podman.run('exec', CONTAINER, 'sh', '-c', write)).exitCode === 0)
      throw new Error('the file system of the image can be written to');
    await podman.sh('rm', '--force', '--time', '0', CONTAINER);
    return 'no BMC, no error; the file system is read-only';
  });

  // Root's, as /etc/vbmc of a host: without capabilities root may not read what belongs to others.
  const inventory = mkdtempSync(join(tmpdir(), 'vbmc-inventory-'));
  writeFileSync(join(inventory, 'domains.ini'), inventoryText(URI_IN_CONTAINER, [bmc]), { mode: 0o640 });
  await report.step('hardened: port 623, inventory of the host', async () => {
    // The private libvirt belongs to another user than root; that of a host is root's.
    chmodSync(libvirt.daemon.socket, 0o666);
    await startContainer(bench, [...hardening, ...health, '--volume', `${inventory}:/etc/vbmc:ro`]);
    const capabilities = await inContainer(podman, 'grep', 'CapEff', '/proc/1/status');
    expectText('its capabilities', capabilities, /0000000000000400$/);
    return `${capabilities}; ${await powerCycles({ ...bench, bmc })}`;
  });

  await report.step('hardened: the health check', async () => {
    const check = async (): Promise<number | undefined> =>
      (await podman.run('healthcheck', 'run', CONTAINER)).exitCode;
    const signal = async (name: string): Promise<string> =>
      inContainer(podman, 'sh', '-c', signalVbmcd(name));
    if ((await check()) !== 0) throw new Error('unhealthy');
    await signal('STOP');
    const frozen = await check();
    await signal('CONT');
    if (frozen === 0) throw new Error('healthy, with a vbmcd that is frozen');
    if ((await check()) !== 0) throw new Error('unhealthy after that');
    return 'healthy; a frozen vbmcd is unhealthy';
  });
  await podman.sh('rm', '--force', '--time', '0', CONTAINER);
  rmSync(inventory, { recursive: true });

  await othersFiles(bench);

  await report.step('command: a script with /usr/local/bin/vbmcd', async () => {
    const loop = '#!/bin/sh\nwhile :; do /usr/local/bin/vbmcd --foreground; sleep 1; done\n';
    const script = libvirt.directory.write('vbmcd.sh', loop, 0o755);
    await startContainer(bench, ['--volume', `${script}:/vbmcd.sh:ro`], ['/vbmcd.sh']);
    return (await inContainer(podman, 'vbmc', 'status')).split('\n')[0] ?? '';
  });
}

/** VirtualBMC's files of an ordinary user of the host, in a container that has only the one capability. */
async function othersFiles(bench: ImageBench): Promise<void> {
  const { report, podman } = bench;
  const files = mkdtempSync(join(tmpdir(), 'vbmc-others-'));
  mkdirSync(join(files, 'node-0'));
  writeFileSync(join(files, 'virtualbmc.conf'), '[default]\nconfig_dir=/root/.vbmc\n', { mode: 0o600 });
  const config = '[VirtualBMC]\nport = 6230\npassword = x\nlibvirt_uri = test:///default\nactive = False\n';
  writeFileSync(join(files, 'node-0/config'), config, { mode: 0o600 });
  for (const path of ['.', 'virtualbmc.conf', 'node-0', 'node-0/config'])
    chownSync(join(files, path), 1000, 1000);
  const volume = ['--volume', `${files}:/root/.vbmc`];
  const list = async (): Promise<string> =>
    inContainer(podman, 'vbmc', 'list', '-f', 'value', '-c', 'Domain name', '-c', 'Status');

  await report.step('hardened: files of another user are told, with the remedy', async () => {
    await startContainer(bench, [...hardening, ...volume]);
    const { stdout, stderr } = await podman.run('logs', CONTAINER);
    expectText('its log', stdout + stderr, /\/root\/\.vbmc.*this user may not do that.*capabilities/);
    expectText('vbmc list', await list(), '');
    return (stdout + stderr).split('\n').find((line) => line.includes('capabilities')) ?? '';
  });
  await podman.sh('rm', '--force', '--time', '0', CONTAINER);

  await report.step('hardened: with DAC_OVERRIDE they are read', async () => {
    await startContainer(bench, [...hardening, '--cap-add', 'DAC_OVERRIDE', ...volume]);
    expectText('vbmc list', await list(), 'node-0 down');
    return list();
  });
  await podman.sh('rm', '--force', '--time', '0', CONTAINER);
  rmSync(files, { recursive: true });
}
