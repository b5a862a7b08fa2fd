import type { LabBmc } from '#lab/inventory-text.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { launchVirtualBmc } from '#lab/virtualbmc/launch.ts';
import type { Subject } from './subject.ts';

/** VirtualBMC's daemon from a checkout, on the same libvirt, with these BMCs. Does not wait. */
export async function virtualBmcSubject(
  libvirt: PrivateLibvirt,
  checkout: string,
  bmcs: readonly LabBmc[],
): Promise<Subject> {
  return { name: 'VirtualBMC', targets: bmcs, ...(await launchVirtualBmc(libvirt, checkout, bmcs)) };
}
