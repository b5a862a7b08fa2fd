import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freeTcpPort } from '../../acceptance/free-tcp-port.ts';
import { planBmcs } from '../../lab/vbmcd.ts';
import { copyIntoLab } from '../../lab/installed-app.ts';
import type { LabBmc } from '../../lab/inventory-text.ts';
import type { PrivateLibvirt } from '../../lab/private-libvirt.ts';
import type { Subject } from './subject.ts';

/** Debian's python3, whose packages python3-libvirt, python3-zmq, python3-cliff, python3-pbr, python3-pyghmi it needs. */
const python = '/usr/bin/python3';

const configuration = (libvirt: PrivateLibvirt, bmc: LabBmc): string => `[VirtualBMC]
username = ${bmc.username}
password = ${bmc.password}
address = ${bmc.address}
port = ${bmc.port}
domain_name = ${bmc.domain}
libvirt_uri = ${libvirt.connectionUri}
active = true
`;

/** VirtualBMC's daemon from a checkout, on the same libvirt; resolves when it was started. */
export async function launchVirtualBmc(
  libvirt: PrivateLibvirt,
  checkout: string,
  domains: readonly string[],
): Promise<Subject> {
  const { directory } = libvirt;
  // The lab user may not be able to read the checkout.
  const source = directory.makeDirectory('virtualbmc');
  if (!existsSync(join(source, 'virtualbmc'))) {
    copyIntoLab(directory, join(checkout, 'virtualbmc'), 'virtualbmc/virtualbmc');
  }
  const targets = await planBmcs(domains);
  const home = directory.makeDirectory(`virtualbmc-home-${targets[0]?.port ?? 0}`);
  const name = home.slice(directory.path.length + 1);
  for (const bmc of targets)
    directory.write(`${name}/bmcs/${bmc.domain}/config`, configuration(libvirt, bmc));
  const settings = directory.write(
    `${name}/virtualbmc.conf`,
    `[default]\nconfig_dir = ${home}/bmcs\npid_file = ${home}/pid\nserver_port = ${await freeTcpPort()}\n`,
  );
  const child = libvirt.spawn(python, ['-m', 'virtualbmc.cmd.vbmcd', '--foreground'], {
    PYTHONPATH: source,
    PYTHONDONTWRITEBYTECODE: '1',
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
    name: 'VirtualBMC',
    targets,
    mainPid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null) throw new Error(`VirtualBMC has ended by itself:\n${log}`);
      child.kill('SIGTERM');
      await ended;
    },
  };
}
