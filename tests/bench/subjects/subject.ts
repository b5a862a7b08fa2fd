import type { RemoteBmc } from '../../e2e/support/console-to.ts';

/** Something with BMCs that can be put under load: ours, or a peer's. */
export interface Subject {
  readonly name: string;
  readonly targets: readonly RemoteBmc[];
  /** The process that keeps the others, or that is all there is. */
  readonly mainPid: number;
  stop(): Promise<void>;
}

export type PeerName = 'VirtualBMC' | 'ipmi_sim';

export const ourName = 'vbmc';

export function firstTarget(subject: Subject): RemoteBmc {
  const [target] = subject.targets;
  if (target === undefined) throw new Error(`${subject.name} has no BMC`);
  return target;
}
