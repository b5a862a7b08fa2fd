/** VirtualBMC as most have it: installed by pip into /usr/local, as root, with a unit that an operator has written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../config/package/run-program.ts';
import { waitFor } from '#support/wait-for.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** What VirtualBMC imports, and what its installation needs. From Debian, because pip has no network here. */
const packages = [
  ...['python3-cliff', 'python3-libvirt', 'python3-pyghmi', 'python3-zmq', 'python3-pbr'],
  ...['python3-pip', 'python3-setuptools', 'python3-wheel'],
];
const UNIT = `[Unit]
Description=Virtual BMCs
After=network.target libvirtd.service

[Service]
Type=simple
ExecStart=/usr/local/bin/vbmcd --foreground
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

/** Returns the version. */
export async function installVirtualBmc(lab: SystemdLab, checkout: string): Promise<string> {
  await lab.apt('install', '-y', ...packages);
  const scratch = mkdtempSync(join(tmpdir(), 'vbmc-migration-'));
  try {
    const archive = join(scratch, 'virtualbmc.tar');
    runProgram('git', ['-C', checkout, 'archive', '--output', archive, 'HEAD']);
    lab.copyIn(archive, '/root/virtualbmc.tar');
  } finally {
    rmSync(scratch, { recursive: true });
  }
  const version = runProgram('git', ['-C', checkout, 'describe', '--tags']).trim().replace(/-.*/, '');
  await lab.sh(
    'mkdir /root/virtualbmc && tar -xf /root/virtualbmc.tar -C /root/virtualbmc && ' +
      `PBR_VERSION=${version} pip3 install --break-system-packages --no-index --no-deps --no-build-isolation /root/virtualbmc && ` +
      'rm -rf /root/virtualbmc /root/virtualbmc.tar',
  );
  await lab.write('/etc/systemd/system/virtualbmc.service', UNIT);
  await lab.sh('systemctl daemon-reload && systemctl enable --now virtualbmc');
  await waitFor('the daemon of VirtualBMC', async () => lab.succeeds('vbmc list'), { timeoutMs: 60_000 });
  return version;
}
