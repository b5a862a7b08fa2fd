import { launchLabVbmcd, type LabVbmcd, type VbmcdOptions } from '#lab/vbmcd.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { waitFor } from '#support/wait-for.ts';
import { epochMs, OUR_NAME, type Subject } from './subject.ts';

export interface OurSubject extends Subject {
  readonly vbmcd: LabVbmcd;
}

/** Starts a vbmcd with these BMCs. Does not wait. */
export function launchOurs(
  libvirt: PrivateLibvirt,
  bmcs: readonly LabBmc[],
  options: VbmcdOptions = {},
): OurSubject {
  const launchedAtMs = epochMs();
  const vbmcd = launchLabVbmcd(libvirt, bmcs, options);
  return {
    name: OUR_NAME,
    targets: vbmcd.bmcs,
    mainPid: vbmcd.pid,
    launchedAtMs,
    vbmcd,
    stop: async () => {
      await vbmcd.stop();
    },
  };
}

/** The options for BMCs that listen on this address in the place of their own. */
export function listenOn(address: string | undefined): VbmcdOptions {
  return address === undefined ? {} : { inventoryKeys: { address } };
}

/** Resolves when the state of the domains comes from memory, as it does in a running system. */
export async function watchIsTrusted({ vbmcd }: OurSubject, times = 1): Promise<void> {
  await waitFor(
    'the domain watch to be up',
    () => (vbmcd.log().match(/domain watch of \S+ is up/g)?.length ?? 0) >= times,
    { timeoutMs: 60_000, intervalMs: 5 },
  );
}
