import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import { startProbe } from '../load/run-load.ts';
import type { Bench } from '../scenario.ts';
import { launchIpmiSim } from './ipmi-sim.ts';
import { launchOurs, listenOn, watchIsTrusted, type OurSubject } from './ours.ts';
import type { Subject } from './subject.ts';
import { virtualBmcSubject } from './virtualbmc.ts';

const PATIENCE_MS = 30_000;

/** vbmc and the chosen peers, with a BMC for each domain (ipmi_sim: one), all answering. */
export async function startContestants(
  bench: Bench,
  libvirt: PrivateLibvirt,
  domains: readonly string[],
): Promise<{ readonly ours: OurSubject; readonly peers: readonly Subject[] }> {
  const ours = launchOurs(libvirt, await planBmcs(domains), listenOn(bench.address));
  const peers: Subject[] = [];
  if (bench.virtualBmcCheckout !== undefined) {
    peers.push(await virtualBmcSubject(libvirt, bench.virtualBmcCheckout, await planBmcs(domains)));
  }
  if (bench.ipmiSim) peers.push(await launchIpmiSim());
  for (const subject of [ours, ...peers]) await allAnswer(subject);
  await watchIsTrusted(ours);
  return { ours, peers };
}

/** Resolves when every BMC has answered once. */
export async function allAnswer({ name, targets }: Subject): Promise<void> {
  const { result } = await startProbe({ kind: 'probe', targets, intervalMs: 50, timeoutMs: PATIENCE_MS });
  const { answeredAtMs } = await result;
  const silent = answeredAtMs.filter((at) => at === null).length;
  if (silent > 0) throw new Error(`${silent} BMCs of ${name} do not answer`);
}
