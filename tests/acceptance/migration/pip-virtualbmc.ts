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

/** What `systemctl edit virtualbmc` leaves. With our unit it would run vbmcd as root. */
const DROP_IN = '[Service]\nUser=root\n';
/** As metal3-dev-env and others write it. */
const CONFIG = '[default]\nconfig_dir=/root/.vbmc/conf\n';
/** pip finds VirtualBMC here, as it does at an index. What it imports is Debian's. */
const PIP_CONFIG = '[global]\nno-index = true\nfind-links = /root/wheels\n[install]\nno-deps = true\n';

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
      `PBR_VERSION=${version} pip3 wheel --no-index --no-deps --no-build-isolation --wheel-dir /root/wheels /root/virtualbmc && ` +
      'rm -rf /root/virtualbmc /root/virtualbmc.tar && mkdir -p /root/.vbmc/conf /etc/systemd/system/virtualbmc.service.d',
  );
  await lab.write('/etc/pip.conf', PIP_CONFIG);
  await lab.sh('pip3 install --break-system-packages virtualbmc');
  await lab.write('/root/.vbmc/virtualbmc.conf', CONFIG);
  await lab.write('/etc/systemd/system/virtualbmc.service', UNIT);
  await lab.write('/etc/systemd/system/virtualbmc.service.d/override.conf', DROP_IN);
  await lab.sh('systemctl daemon-reload && systemctl enable --now virtualbmc');
  await waitFor('the daemon of VirtualBMC', async () => lab.succeeds('vbmc list'), { timeoutMs: 60_000 });
  return version;
}
