/** What a BMC's worker may be doing; `worker/worker-lifecycle.ts` says how one becomes another. */
export const lifecycleStates = [
  'stopped',
  'starting',
  'running',
  'stopping',
  /** The worker hangs or has grown too big: it has to go, has not ended yet, and will be replaced. */
  'failing',
  /** The worker ended unasked; a restart is scheduled. */
  'backingOff',
  /** The worker reported that it cannot bind its socket and has not ended yet. */
  'bindFailing',
  /** It ended; another attempt is scheduled. */
  'bindFailed',
] as const;
export type LifecycleState = (typeof lifecycleStates)[number];
