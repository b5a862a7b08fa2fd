import { launchVbmcd, planBmcs, type Vbmcd } from '../../lab/vbmcd.ts';
import type { PrivateLibvirt } from '../../lab/private-libvirt.ts';
import { waitFor } from '../../lab/wait-for.ts';
import { ourName, type Subject } from './subject.ts';

export interface OurSubject extends Subject {
  readonly vbmcd: Vbmcd;
}

/** A vbmcd with a BMC for each domain; resolves when it was started, which is before they answer. */
export async function launchOurs(libvirt: PrivateLibvirt, domains: readonly string[]): Promise<OurSubject> {
  const vbmcd = launchVbmcd(libvirt, await planBmcs(domains));
  return {
    name: ourName,
    targets: vbmcd.bmcs,
    mainPid: vbmcd.pid,
    vbmcd,
    stop: async () => {
      await vbmcd.stop();
    },
  };
}

/** Resolves when the state of the domains comes from memory, as it does in a running system. */
export async function watchIsTrusted({ vbmcd }: OurSubject, times = 1): Promise<void> {
  await waitFor(
    'the domain watch to be up',
    () => (vbmcd.log().match(/domain watch of \S+ is up/g)?.length ?? 0) >= times,
    { timeoutMs: 60_000, intervalMs: 5 },
  );
}
