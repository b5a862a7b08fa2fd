/** The lower layer: a small Debian with virsh and ssh, as a tar made by mmdebstrap. */
import { needProgram } from '../package/debian-tools.ts';
import { runProgram } from '../package/run-program.ts';
import { imagePackages } from './image-config.ts';

/** The release whose virsh the end-to-end tests run. */
export const SUITE = 'bookworm';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

/** Nobody reads them in a container. */
const leftOut = ['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*', '/usr/share/doc/*'];
/** The licences stay. */
const KEPT = '/usr/share/doc/*/copyright';

/** What mmdebstrap took from this machine, and what each container makes for itself. */
const removals = [
  'rm -rf "$1/etc/apt/sources.list" "$1/etc/apt/sources.list.d" "$1/etc/resolv.conf" "$1/etc/machine-id"',
  ': > "$1/etc/hostname"',
  'rm -rf "$1/var/log/"* "$1/var/cache/"* "$1/var/lib/apt/lists" "$1/usr/share/bash-completion"',
];

/** Writes the layer to `file`. The same packages and the same `sourceDateEpoch` give the same bytes. */
export function makeDebianLayer(file: string, sourceDateEpoch: number): void {
  needProgram('mmdebstrap', 'mmdebstrap');
  const mirror = ownMirror();
  const aptOptions = [
    'APT::Install-Recommends "false"',
    'Acquire::Languages "none"',
    // A machine whose clock is wrong, or a mirror of an old snapshot, must not stop the build.
    'Acquire::Check-Date "false"',
    'Acquire::Check-Valid-Until "false"',
  ];
  // The tree is packed at once, and thrown away: nothing has to reach the disk.
  const dpkgOptions = [
    'force-unsafe-io',
    ...leftOut.map((path) => `path-exclude=${path}`),
    `path-include=${KEPT}`,
  ];
  runProgram(
    'mmdebstrap',
    [
      '--variant=essential',
      '--format=tar',
      // Otherwise apt takes a package that merges /usr later, and with it all of perl.
      '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
      `--include=${['usr-is-merged', ...imagePackages].join(',')}`,
      ...aptOptions.map((option) => `--aptopt=${option}`),
      ...dpkgOptions.map((option) => `--dpkgopt=${option}`),
      ...removals.map((command) => `--customize-hook=${command}`),
      // A container gets devices of its own.
      '--skip=output/dev',
      SUITE,
      file,
      `deb ${mirror} ${SUITE} main`,
      `deb ${mirror} ${SUITE}-updates main`,
      `deb ${mirror}-security ${SUITE}-security main`,
    ],
    { env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDateEpoch) } },
  );
}

/** The mirror that this machine's apt uses already, if it is one of Debian. */
function ownMirror(): string {
  const targets = runProgram('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  return /^(.*\/debian)\/*$/m.exec(targets)?.[1] ?? DEFAULT_MIRROR;
}
