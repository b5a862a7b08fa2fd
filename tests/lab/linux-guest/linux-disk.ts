import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPrograms } from '../debian-packages.ts';
import { runCommand } from '../run-command.ts';

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/linux-guest');
const BUILD_TIMEOUT_MS = 600_000;

/** How much memory Linux needs to boot. */
export const LINUX_MEMORY_MIB = 128;
/** How long it may take under software emulation on a busy machine. */
export const LINUX_BOOT_MS = 240_000;

/**
 * A hard disk that boots a real Linux on a BIOS. The guest obeys the bytes `r`, `o` and `p` on COM1 and the power button as
 * the guest program of boot-program.ts does. At `d` it says what its firmware tells of the machine (/sys/class/dmi/id and dmidecode), at
 * `b` it keeps its processor busy, at `v` and `w` it writes to its first and second virtio disk. Made from Debian's packages, the first
 * time; kept after that.
 */
export async function linuxDisk(print: (line: string) => void): Promise<Buffer> {
  const madeOf = ['make-disk.sh', 'init', 'power-button'].map((file) =>
    readFileSync(join(import.meta.dirname, file)),
  );
  const version = createHash('sha256').update(Buffer.concat(madeOf)).digest('hex').slice(0, 16);
  const kept = join(CACHE, `${version}.img`);
  if (!existsSync(kept)) await make(kept, print);
  return readFileSync(kept);
}

async function make(disk: string, print: (line: string) => void): Promise<void> {
  await installPrograms({ genisoimage: 'genisoimage', 'dpkg-deb': 'dpkg' }, { print });
  print("making a disk with Debian's Linux …");
  const work = mkdtempSync(join(tmpdir(), 'linux-guest-'));
  try {
    mkdirSync(CACHE, { recursive: true });
    const made = join(work, 'disk.img');
    const env = process.env as Record<string, string>;
    const script = join(import.meta.dirname, 'make-disk.sh');
    const { exitCode, stdout, stderr } = await runCommand(script, [work, made], {
      env,
      timeoutMs: BUILD_TIMEOUT_MS,
    });
    if (exitCode !== 0) throw new Error(`make-disk.sh failed; apt-get update may help:\n${stdout}${stderr}`);
    // Whole or not at all; the two directories may be on different file systems.
    await runCommand('cp', [made, `${disk}.new`], { env });
    renameSync(`${disk}.new`, disk);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
