/** The image's size, that nothing of this machine and no secret is in it, and that podman and skopeo read it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runConfig } from '../../../config/container/image-config.ts';
import { runProgram } from '../../../config/package/run-program.ts';
import type { Podman } from '#lab/podman/podman.ts';
import type { Report } from '../report.ts';
import { expectText } from '../service/expect.ts';
import { IMAGE } from './bench.ts';

/** Unpacked it was 248 MB: more would be something that came in unnoticed. */
const mostMegabytes = { packed: 100, unpacked: 270 } as const;

interface Manifest {
  readonly layers: readonly { readonly digest: string }[];
}

export async function inspectImage(report: Report, podman: Podman, archive: string): Promise<void> {
  await report.step('image: podman loads it', async () => {
    const loaded = await podman.sh('load', '--input', archive);
    expectText('podman load', loaded, new RegExp(IMAGE));
    const unpacked = Number(await podman.sh('image', 'inspect', '--format', '{{.Size}}', IMAGE)) / 1e6;
    const packed = statSync(archive).size / 1e6;
    if (packed > mostMegabytes.packed || unpacked > mostMegabytes.unpacked)
      throw new Error(`${packed} MB, ${unpacked} MB`);
    return `${packed.toFixed(0)} MB, unpacked ${unpacked.toFixed(0)} MB`;
  });

  await report.step('image: docker load finds its parts', async () => {
    await Promise.resolve();
    const config = runProgram('skopeo', ['inspect', '--config', '--raw', `docker-archive:${archive}`]);
    const { config: said } = JSON.parse(config) as { config: typeof runConfig };
    expectText('its health check', JSON.stringify(said.Healthcheck), JSON.stringify(runConfig.Healthcheck));
    expectText('its command', said.Cmd.join(' '), '/usr/bin/vbmcd --foreground');
    return 'skopeo reads it as a docker-archive; the health check is in it';
  });

  await report.step('image: no secret, nothing of this machine', async () => {
    await Promise.resolve();
    const root = mkdtempSync(join(tmpdir(), 'vbmc-image-'));
    try {
      unpack(archive, root);
      return inspectFiles(join(root, 'files'));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
}

/** Its layers, one over the other, in `files`. */
function unpack(archive: string, root: string): void {
  runProgram('mkdir', [join(root, 'archive'), join(root, 'files')]);
  runProgram('tar', ['-xf', archive, '-C', join(root, 'archive')]);
  const read = (path: string): unknown => JSON.parse(readFileSync(join(root, 'archive', path), 'utf8'));
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
  const index = read('index.json') as { manifests: { digest: string }[] };
  const manifest = read(blob(index.manifests[0]?.digest ?? '')) as Manifest;
  for (const { digest } of manifest.layers)
    runProgram('tar', ['-xzf', join(root, 'archive', blob(digest)), '-C', join(root, 'files')]);
}

function inspectFiles(files: string): string {
  const text = (path: string): string => readFileSync(join(files, path), 'utf8');
  const accounts = text('etc/shadow').trim().split('\n');
  const open = accounts.filter((line) => !/^[^:]+:[*!]/.test(line));
  expectText('accounts with a password', open.join(' '), '');
  expectText('lines of the inventory with a password', text('etc/vbmc/domains.ini'), /^(?!.*^\s*password)/ms);
  expectText('its host name', text('etc/hostname'), '');
  for (const path of ['etc/resolv.conf', 'etc/machine-id', 'etc/apt/sources.list']) {
    if (existsSync(join(files, path))) throw new Error(`${path} is there`);
  }
  const keys = runProgram('find', [
    files,
    '-name',
    'ssh_host_*',
    '-o',
    '-name',
    '*.key',
    '-o',
    '-name',
    'id_*',
  ]);
  // Programs and manuals may be called so.
  expectText(
    'private keys',
    keys
      .split('\n')
      .filter((path) => /\/(etc|root|home|var)\//.test(path))
      .join(' '),
    '',
  );
  return `${accounts.length} accounts without password; no host name, no machine id, no mirror, no key`;
}
