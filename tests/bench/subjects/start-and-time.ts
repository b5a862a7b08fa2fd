import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import { treeProcessorSeconds } from '../measure/process-time.ts';
import { startProbe } from '../load/run-load.ts';
import type { Launcher } from './launchers.ts';
import type { Subject } from './subject.ts';

function patienceMs(bmcs: number): number {
  return 30_000 + 400 * bmcs;
}
/** Often enough to tell, and seldom enough not to be the load that is measured. */
function intervalMs(bmcs: number): number {
  return Math.max(25, bmcs / 5);
}

export interface TimedStart {
  readonly subject: Subject;
  /** From the start of its process to the first answer of the first BMC, and of the last one. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** What it has used until then: its processes, and all that they have started and that has ended. */
  readonly processorSeconds: number;
}

/** Starts it with a BMC for each domain while each port is asked all the time. Raises when one never answers. */
export async function startAndTime(
  launcher: Launcher,
  libvirt: PrivateLibvirt,
  domains: readonly string[],
): Promise<TimedStart> {
  const bmcs = await planBmcs(domains);
  const { result } = await startProbe({
    kind: 'probe',
    targets: bmcs,
    intervalMs: intervalMs(bmcs.length),
    timeoutMs: patienceMs(bmcs.length),
  });
  const subject = await launcher.launch(libvirt, bmcs);
  const { answeredAtMs } = await result;
  const seconds = answeredAtMs.map((at) => ((at ?? NaN) - subject.launchedAtMs) / 1000);
  const silent = seconds.filter((value) => Number.isNaN(value)).length;
  if (silent > 0) throw new Error(`${silent} of ${bmcs.length} BMCs of ${launcher.name} do not answer`);
  return {
    subject,
    firstSeconds: Math.min(...seconds),
    lastSeconds: Math.max(...seconds),
    processorSeconds: treeProcessorSeconds(subject.mainPid),
  };
}
