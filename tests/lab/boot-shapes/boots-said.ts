/** What a domain's serial port tells of what it has booted from. */
import { waitFor } from '#support/wait-for.ts';
import type { ShapeDomain } from './shape-lab.ts';

/** UEFI under software emulation, on a busy machine. */
const BOOT_TIMEOUT_MS = 180_000;

/**
 * What the machine boots from, when it has said so or, for a boot that is not `wanted`, when time is up: a process that is
 * replaced may have said something else before. `said`: how many lines there were before.
 */
export async function bootAfter(
  domain: ShapeDomain,
  said: number,
  wanted: string | undefined,
): Promise<string> {
  const found = (): string | undefined => bootsIn(domain, said).at(-1);
  await waitFor('a boot', found, { timeoutMs: BOOT_TIMEOUT_MS, intervalMs: 100 }).catch(() => undefined);
  if (found() !== undefined) await waitFor('the boot', () => found() === wanted).catch(() => undefined);
  return found() ?? 'nothing';
}

/** What UEFI says when it begins with a boot option: the only word of a network boot, and of what it may not start. */
const efiOption =
  /BdsDxe: loading Boot\w+ "UEFI (PXEv4|QEMU HARDDISK|QEMU DVD-ROM|QEMU QEMU CD-ROM|QEMU QEMU HARDDISK)/;
const efiNames: Readonly<Record<string, string>> = {
  PXEv4: 'net0',
  'QEMU HARDDISK': 'disk0',
  'QEMU QEMU HARDDISK': 'disk0',
  'QEMU DVD-ROM': 'cdrom0',
  'QEMU QEMU CD-ROM': 'cdrom0',
};

/**
 * With UEFI the first option of each boot counts: firmware goes on to the next one where nobody answers. Of a virtio disk it
 * says `Non-Block Boot Device`, which may be anything: then the guest's own word counts.
 */
export function bootsIn(domain: ShapeDomain, said: number): string[] {
  const since = domain.lines().slice(said);
  const own = (line: string): string | undefined => /^boot (.+)/.exec(line)?.[1];
  if (domain.shape.firmware === 'seabios') return since.flatMap((line) => own(line) ?? []);
  const boots: string[] = [];
  let isFirst = true;
  for (const line of since) {
    const option = line.includes('>>Start PXE over IPv4') ? 'PXEv4' : efiOption.exec(line)?.[1];
    const from = own(line) ?? (option && efiNames[option]);
    if (isFirst && from !== undefined) boots.push(from);
    if (from !== undefined) isFirst = false;
    if (line === 'guest reboot' || own(line) !== undefined) isFirst = true;
  }
  return boots;
}
