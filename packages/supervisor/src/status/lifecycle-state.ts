/** The states of a BMC's worker; `worker/worker-lifecycle.ts` has the transitions. */
export const lifecycleStates = [
  'stopped',
  'starting',
  'running',
  'stopping',
  /** The worker hangs, uses too much memory or has broken a rule of its channel. It is being ended, and will be replaced. */
  'failing',
  /** The worker ended unexpectedly; a restart is scheduled. */
  'backingOff',
  /** The worker reported that it cannot bind its socket and has not ended yet. */
  'bindFailing',
  /** That worker ended; another attempt is scheduled. */
  'bindFailed',
] as const;
export type LifecycleState = (typeof lifecycleStates)[number];
