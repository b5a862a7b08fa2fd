/** A directory with a whole Debian 12, of the packages that the service tests need. */
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import type { ControlGroup } from './control-group.ts';

const SUITE = 'bookworm';
const treePackages = [
  ...['systemd', 'systemd-sysv', 'libpam-systemd', 'dbus', 'polkitd', 'procps', 'iproute2', 'util-linux'],
  ...[
    'libvirt-daemon-system',
    'libvirt-clients',
    'libvirt-daemon-driver-qemu',
    'qemu-system-x86',
    'ipmitool',
  ],
  // What an installation by apt-get asks about, and what the Ansible role needs on a managed host.
  ...['ca-certificates', 'python3', 'python3-apt', 'openssh-server', 'sudo'],
  // The other side of connections from elsewhere: sshd, and libvirt's TLS and SASL.
  ...['openssl', 'sasl2-bin', 'libsasl2-modules'],
  ...['bash-completion', 'man-db', 'iptables', 'nftables', 'ufw'],
];
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';
/** A machine whose clock is wrong, or a mirror of an old snapshot, must not stop the build. */
export const ignoreDates = ['Acquire::Check-Date "false"', 'Acquire::Check-Valid-Until "false"'];
const LAST_LINES = 20;

const CUSTOMIZE_SCRIPT = join(import.meta.dirname, 'customize-tree.sh');

/** Makes the tree at `tree`. With `keptTree` it is copied from there, and put there first if it is not there yet. */
export async function provideTree(
  group: ControlGroup,
  tree: string,
  keptTree: string | undefined,
  print: (line: string) => void,
): Promise<void> {
  if (keptTree === undefined) {
    await build(group, tree, print);
    return;
  }
  const stampFile = `${keptTree}.stamp`;
  const stamp = [SUITE, ...treePackages, readFileSync(CUSTOMIZE_SCRIPT, 'utf8')].join('\n');
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    await copyTree(await build(group, tree, print), keptTree);
    writeFileSync(stampFile, stamp);
    return;
  }
  print(`copying the Debian tree from ${keptTree} …`);
  await copyTree(keptTree, tree);
}

async function build(group: ControlGroup, tree: string, print: (line: string) => void): Promise<string> {
  const mirror = await ownMirror();
  print(`building a Debian tree from ${mirror}: some two minutes …`);
  const logFile = join(group.directory, 'mmdebstrap.log');
  const log = openSync(logFile, 'w');
  const options = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"', ...ignoreDates];
  const child = group.spawn(
    'mmdebstrap',
    [
      '--mode=root',
      '--variant=minbase',
      `--include=${treePackages.join(',')}`,
      ...options.map((option) => `--aptopt=${option}`),
      `--customize-hook=${CUSTOMIZE_SCRIPT}`,
      SUITE,
      tree,
      `deb ${mirror} ${SUITE} main`,
      `deb ${mirror} ${SUITE}-updates main`,
      `deb ${mirror}-security ${SUITE}-security main`,
    ],
    log,
  );
  closeSync(log);
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  if (exitCode === 0) return tree;
  const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new Error(
    `mmdebstrap could not build a Debian tree from ${mirror}; check that this machine reaches it:\n${said}`,
  );
}

/** The mirror that this machine's apt uses already, if it is one of Debian. */
async function ownMirror(): Promise<string> {
  const args = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const env = { PATH: process.env['PATH'] ?? '' };
  const { stdout } = await runCommand('apt-get', args, { env });
  return /^(.*\/debian)\/*$/m.exec(stdout)?.[1] ?? DEFAULT_MIRROR;
}

async function copyTree(from: string, to: string): Promise<void> {
  const env = { PATH: process.env['PATH'] ?? '' };
  for (const [command, ...args] of [
    ['rm', '-rf', '--one-file-system', to],
    ['cp', '-a', '--reflink=auto', from, to],
  ] as const) {
    const { exitCode, stderr } = await runCommand(command, args, { env, timeoutMs: 300_000 });
    if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
  }
}
