/** The container with VirtualBMC's own files on /root/.vbmc, as metal3-dev-env and dev-scripts start VirtualBMC's image. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOptions } from '#lab/podman/podman.ts';
import { expectText } from '../service/expect.ts';
import {
  CONTAINER,
  IMAGE,
  inContainer,
  powerCycles,
  startContainer,
  URI_IN_CONTAINER,
  type ImageBench,
} from './bench.ts';

export async function virtualBmcFiles(bench: ImageBench): Promise<void> {
  const { report, podman, bmc } = bench;
  const files = mkdtempSync(join(tmpdir(), 'vbmc-files-'));
  try {
    const folder = join(files, 'conf', bmc.name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(files, 'virtualbmc.conf'), '[default]\nconfig_dir=/root/.vbmc/conf/\n');
    const keys = { ...bmc, domain_name: bmc.domain, libvirt_uri: URI_IN_CONTAINER, active: 'True' };
    const names = [
      'username',
      'password',
      'domain_name',
      'libvirt_uri',
      'address',
      'active',
      'port',
    ] as const;
    const lines = names.map((name) => `${name} = ${keys[name]}\n`);
    writeFileSync(join(folder, 'config'), `[VirtualBMC]\n${lines.join('')}`);
    const volume = ['--volume', `${files}:/root/.vbmc`];

    await report.step("container: VirtualBMC's files as a volume", async () => {
      await startContainer(bench, volume);
      const listed = await inContainer(podman, 'vbmc', 'list', '-f', 'value', '-c', 'Domain name');
      expectText('vbmc list', listed, bmc.name);
      return powerCycles(bench);
    });
    await podman.sh('rm', '--force', '--time', '0', CONTAINER);

    const empty = join(files, 'empty');
    mkdirSync(empty);
    const readOnly = ['--volume', `${empty}:/etc/vbmc:ro`];
    await report.step(
      "container: VirtualBMC's files, and a read-only /etc/vbmc with nothing in it",
      async () => {
        await startContainer(bench, [...volume, ...readOnly]);
        const { stdout, stderr } = await podman.run('logs', CONTAINER);
        expectText('its log', stdout + stderr, /^container-start: \/etc\/vbmc has no domains\.ini: /m);
        return powerCycles(bench);
      },
    );
    await podman.sh('rm', '--force', '--time', '0', CONTAINER);

    await report.step('container: a read-only /etc/vbmc with nothing in it, and no files', async () => {
      await podman.sh('run', ...runOptions, '--detach', '--name', CONTAINER, ...readOnly, IMAGE);
      const ended = await podman.sh('wait', CONTAINER);
      const { stdout, stderr } = await podman.run('logs', CONTAINER);
      expectText('its exit code', ended, '1');
      expectText('its log', stdout + stderr, /^container-start: [^]*cannot open \/etc\/vbmc\/domains\.ini/m);
      return (stdout + stderr).trim();
    });
    await podman.sh('rm', '--force', '--time', '0', CONTAINER);

    await report.step('container: a variable that is set counts', async () => {
      await startContainer(bench, [...volume, '--env', 'VIRTUALBMC_CONFIG=']);
      expectText('vbmc list', await inContainer(podman, 'vbmc', 'list', '-f', 'json'), '[]');
      return 'VIRTUALBMC_CONFIG is empty: the files are not read';
    });
    await podman.sh('rm', '--force', '--time', '0', CONTAINER);
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
}
