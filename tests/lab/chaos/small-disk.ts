/** A disk of its own, which can be full, as the state directory of vbmcd: a tmpfs in a mount namespace of the lab user's. */
import { once } from 'node:events';
import { findProgram } from '../lab-environment.ts';
import type { PrivateLibvirt } from '../private-libvirt.ts';

export interface SmallDisk {
  /** A command that runs another one where the disk is mounted. */
  readonly launcher: readonly string[];
  /** The process that keeps it. */
  readonly holder: number;
  fill(): Promise<void>;
  free(): Promise<void>;
  /** The files on it. */
  files(): Promise<readonly string[]>;
}

const SIZE = '64k';
/** mount(2) of perl's: mount(8) serves root alone, and the lab user is root in no namespace. */
const MOUNT_AND_WAIT = `
  my ($type, $where, $how) = ('tmpfs', $ARGV[0], 'size=${SIZE},mode=700');
  syscall($ARGV[1], $type, $where, $type, 0, $how) == 0 or die "mount: $!\\n";
  syswrite(STDOUT, "mounted\\n");
  sleep;`;
/** The number of mount(2). */
const systemCalls: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 165, arm64: 40 };

/** Undefined where the kernel gives the lab user no namespaces. */
export async function mountSmallDisk(libvirt: PrivateLibvirt, path: string): Promise<SmallDisk | undefined> {
  const call = systemCalls[process.arch];
  const nsenter = findProgram('nsenter');
  if (call === undefined || nsenter === undefined) return undefined;
  const namespace = ['--user', '--map-current-user', '--keep-caps', '--mount'];
  const holder = libvirt.spawn('unshare', [...namespace, 'perl', '-e', MOUNT_AND_WAIT, path, String(call)]);
  const isMounted = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'close').then(() => false),
  ]);
  if (!isMounted || holder.pid === undefined) return undefined;
  const { pid } = holder;
  const outside = `/proc/${pid}/root${path}`;
  const shell = async (script: string): Promise<string> =>
    (await libvirt.run('sh', ['-c', script, outside])).stdout;
  return {
    launcher: [nsenter, ...['--target', String(pid), '--user', '--preserve-credentials', '--mount', '--']],
    holder: pid,
    fill: async () => {
      await shell('cat /dev/zero > "$0/ballast" 2> /dev/null');
    },
    free: async () => {
      await shell('rm -f "$0/ballast"');
    },
    files: async () => (await shell('ls -A "$0"')).split('\n').filter((name) => name !== ''),
  };
}
