import type { RemoteBmc } from '#support/clients/console-to.ts';

/** Something with BMCs that can be put under load: ours, or a peer's. */
export interface Subject {
  readonly name: string;
  readonly targets: readonly RemoteBmc[];
  /** The process that keeps the others, or that is all there is. */
  readonly mainPid: number;
  /** When its process was started, in milliseconds since the epoch. */
  readonly launchedAtMs: number;
  stop(): Promise<void>;
}

export const OUR_NAME = 'vbmc';

/** Milliseconds since the epoch, and fractions of them. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

export function firstTarget(subject: Subject): RemoteBmc {
  const [target] = subject.targets;
  if (target === undefined) throw new Error(`${subject.name} has no BMC`);
  return target;
}
