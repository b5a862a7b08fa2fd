/** A machine with systemd, libvirt and our package, as the automations of others find one when their VirtualBMC is installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCheckout } from '../../../config/package/checkout.ts';
import { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import type { CommandResult } from '#lab/run-command.ts';
import { waitFor } from '#support/wait-for.ts';
import { defineDomains, domstate } from '../service/libvirt-domains.ts';
import type { Checkout } from './checkout.ts';

/** Of the lab's interface `management`, which has the default route. */
export const ADDRESS = '192.168.122.1';
const DEB = '/root/vbmc.deb';
const CHECKOUTS = '/root/checkouts';

/** What modules of the roles need on a managed host. */
const modulePackages = [
  'python3-libvirt',
  'python3-lxml',
  'python3-passlib',
  'python3-bcrypt',
  'python3-cryptography',
];
const packages = [...modulePackages, 'firewalld', 'psmisc', 'tini'];

/** What roles leave behind, and what our package keeps; then the package anew. */
const FRESH = `
systemctl stop 'container-*' virtualbmc vbmcd devstack@virtualbmc 2> /dev/null
for domain in $(virsh -c qemu:///system list --all --name); do
  virsh -c qemu:///system destroy $domain; virsh -c qemu:///system undefine $domain
done > /dev/null 2>&1
dpkg --purge vbmc > /dev/null 2>&1
rm -rf /etc/systemd/system/{virtualbmc,vbmcd,devstack@virtualbmc}.service /etc/systemd/system/vbmc.service.d /etc/virtualbmc \
  /var/log/virtualbmc /root/.vbmc /etc/vbmc /var/lib/vbmc /var/lib/vbmcd /run/vbmc /root/.config/vbmc /root/.local/state/vbmc /opt/*
if id vbmcd > /dev/null 2>&1; then userdel -rf vbmcd; fi 2> /dev/null
systemctl daemon-reload
systemctl reset-failed
dpkg -i ${DEB} && systemctl is-active vbmc && mkdir -p /opt`;

export interface Login {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly address?: string;
}

export class RoleLab {
  readonly systemd: SystemdLab;
  /** A directory of this machine's, for as long as the lab lives. */
  readonly scratch = mkdtempSync(join(tmpdir(), 'roles-'));

  private constructor(systemd: SystemdLab) {
    this.systemd = systemd;
  }

  static async start(options: {
    readonly deb: string;
    readonly tree: string | undefined;
    readonly print: (line: string) => void;
  }): Promise<RoleLab> {
    const systemd = await SystemdLab.start({ print: options.print, keptTree: options.tree });
    try {
      if (!(await systemd.succeeds(`dpkg -s ${packages.join(' ')}`))) {
        options.print(`installing ${packages.join(' ')} in it …`);
        await systemd.apt('install', '-y', ...packages);
      }
      await prepare(systemd);
      systemd.copyIn(options.deb, DEB);
      systemd.copyIn(join(import.meta.dirname, 'container-stand-in.sh'), '/root/container-stand-in');
      systemd.copyIn(inCheckout('config/container/start.sh'), '/root/container-start');
      await systemd.sh(
        'for n in docker podman; do install -m 755 /root/container-stand-in /usr/local/bin/$n; done',
      );
      return new RoleLab(systemd);
    } catch (error) {
      await systemd.stop();
      throw error;
    }
  }

  /** As after the installation of our package, with these domains, which are off. */
  async fresh(domains: readonly string[]): Promise<void> {
    await this.bash(FRESH);
    await defineDomains(this.systemd, domains);
  }

  /** Standard output of a script, which root runs; throws with its words when it fails. */
  async bash(script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.tryBash(script);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`ended with ${exitCode ?? 'a signal'}: ${stderr.trim()} ${stdout.trim()}`);
  }

  async tryBash(script: string): Promise<CommandResult> {
    // systemd-run would expand ${…} itself.
    return this.systemd.exec(
      'bash',
      '-c',
      script.replaceAll('$', () => '$$'),
    );
  }

  /** As `bash`; processes that the script leaves in the background live on. */
  async bashWithBackground(script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.systemd.outside(['bash', '-c', script]);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`ended with ${exitCode ?? 'a signal'}: ${stderr.trim()} ${stdout.trim()}`);
  }

  /** Puts these files of the checkout into the lab; returns the directory. */
  async bring(checkout: Checkout, paths: readonly string[]): Promise<string> {
    const file = join(this.scratch, 'checkout.tar');
    await checkout.archive(paths, file);
    this.systemd.copyIn(file, '/root/checkout.tar');
    const directory = `${CHECKOUTS}/${checkout.repository}`;
    await this.bash(`mkdir -p ${directory} && tar -C ${directory} -xf /root/checkout.tar`);
    return directory;
  }

  /** Standard output of `ipmitool`, which waits 30 s: a start of QEMU takes long on a busy machine. Throws when it fails. */
  async ipmitool({ port, user, password, address = ADDRESS }: Login, command: string): Promise<string> {
    return this.bash(
      `ipmitool -I lanplus -N 5 -R 6 -H ${address} -p ${port} -U ${user} -P ${password} ${command}`,
    );
  }

  /** Switches the domain on and off again by its BMC, and asks libvirt what it did. */
  async switches(login: Login, domain: string): Promise<string> {
    await waitFor(`the BMC of ${domain}`, async () => (await this.ipmitool(login, 'power status')) !== '', {
      timeoutMs: 30_000,
    });
    for (const [command, state] of [
      ['power on', 'running'],
      ['power off', 'shut off'],
    ] as const) {
      await this.ipmitool(login, command);
      const found = await domstate(this.systemd, domain);
      if (found !== state) throw new Error(`after ${command}, virsh says that ${domain} is ${found}`);
    }
    return `virsh: ${domain} was running, then shut off`;
  }

  async stop(): Promise<void> {
    rmSync(this.scratch, { recursive: true, force: true });
    await this.systemd.stop();
  }
}

async function prepare(systemd: SystemdLab): Promise<void> {
  // The machine has an address, and a default route for Ansible's `ansible_default_ipv4`.
  await systemd.sh(
    'ip link add management type dummy || ip link add management type bridge;' +
      `ip address add ${ADDRESS}/24 dev management && ip link set management up &&` +
      'ip route add default via 192.168.122.254 dev management',
  );
  // The roles are made for systems whose sh is bash.
  await systemd.sh('ln -sf bash /bin/sh && systemctl disable --now firewalld');
  // The programs where pip puts VirtualBMC's.
  await systemd.sh('ln -sf /usr/bin/vbmc /usr/bin/vbmcd /usr/local/bin/');
  // A key for connections by ssh, under the names that the roles use.
  await systemd.sh(
    'systemctl start ssh && mkdir -p /root/.ssh /root/ssh &&' +
      "ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_rsa_virt_power &&" +
      'cp /root/.ssh/id_rsa_virt_power* /root/ssh/ && cat /root/.ssh/id_rsa_virt_power.pub >> /root/.ssh/authorized_keys',
  );
}
