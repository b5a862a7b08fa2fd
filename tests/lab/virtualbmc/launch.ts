import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freeTcpPort } from '../free-ports.ts';
import { copyIntoLab } from '../installed-app.ts';
import type { LabBmc } from '../inventory-text.ts';
import type { PrivateLibvirt } from '../private-libvirt.ts';
import { VIRTUALBMC_PYTHON } from './virtualbmc.ts';

export interface LaunchedVirtualBmc {
  readonly mainPid: number;
  /** Milliseconds since the epoch, and fractions of them. */
  readonly launchedAtMs: number;
  readonly stop: () => Promise<void>;
}

function configuration(libvirt: PrivateLibvirt, bmc: LabBmc): string {
  return `[VirtualBMC]
username = ${bmc.username}
password = ${bmc.password}
address = ${bmc.address}
port = ${bmc.port}
domain_name = ${bmc.domain}
libvirt_uri = ${libvirt.connectionUri}
active = true
`;
}

/** Starts VirtualBMC's daemon from a checkout as the user of the lab's libvirt, with these BMCs. Does not wait. */
export async function launchVirtualBmc(
  libvirt: PrivateLibvirt,
  checkout: string,
  bmcs: readonly LabBmc[],
): Promise<LaunchedVirtualBmc> {
  const { directory } = libvirt;
  // The lab user may not be able to read the checkout.
  const source = directory.makeDirectory('virtualbmc');
  if (!existsSync(join(source, 'virtualbmc'))) {
    copyIntoLab(directory, join(checkout, 'virtualbmc'), 'virtualbmc/virtualbmc');
    // As in an installation, so that the first start is not slower than later ones.
    await libvirt.run(VIRTUALBMC_PYTHON, ['-m', 'compileall', '-q', source]);
  }
  const name = `virtualbmc-home-${bmcs[0]?.port ?? 0}`;
  const home = directory.makeDirectory(name);
  for (const bmc of bmcs) directory.write(`${name}/bmcs/${bmc.domain}/config`, configuration(libvirt, bmc));
  const settings = directory.write(
    `${name}/virtualbmc.conf`,
    `[default]\nconfig_dir = ${home}/bmcs\npid_file = ${home}/pid\nserver_port = ${await freeTcpPort()}\n`,
  );
  const launchedAtMs = performance.timeOrigin + performance.now();
  const child = libvirt.spawn(VIRTUALBMC_PYTHON, ['-m', 'virtualbmc.cmd.vbmcd', '--foreground'], {
    PYTHONPATH: source,
    // It asks its own packaging for a version, which a checkout does not have.
    PBR_VERSION: '0.0.0',
    VIRTUALBMC_CONFIG: settings,
    HOME: home,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-2_000)));
  }
  const ended = once(child, 'close');
  return {
    mainPid: child.pid ?? 0,
    launchedAtMs,
    stop: async () => {
      if (child.exitCode !== null) throw new Error(`VirtualBMC has ended by itself:\n${log}`);
      child.kill('SIGTERM');
      await ended;
    },
  };
}
