import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import { treeProcessorSeconds } from '../measure/process-time.ts';
import { startProbe } from '../load/run-load.ts';
import type { Launcher } from './launchers.ts';
import type { Subject } from './subject.ts';

function patienceMs(bmcs: number): number {
  return 30_000 + 400 * bmcs;
}
/** Frequent enough for the resolution, and rare enough not to be a load itself. */
function intervalMs(bmcs: number): number {
  return Math.max(25, bmcs / 5);
}

export interface TimedStart {
  readonly subject: Subject;
  /** From the start of its process to the first answer of the first BMC, and of the last one. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** Processor time until then, of its processes and of their ended children. */
  readonly processorSeconds: number;
}

/** Starts it with a BMC for each domain while each port is polled. Raises when a BMC never answers. */
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
