import type { RemoteBmc } from '#support/clients/console-to.ts';

/** A program with BMCs that can be put under load: vbmc or a peer. */
export interface Subject {
  readonly name: string;
  readonly targets: readonly RemoteBmc[];
  /** The main process, which may be the only one. */
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
