/** The life of one BMC's worker as a table: state × input → next state and actions. */
import type { LifecycleState } from '../status/lifecycle-state.ts';
import {
  BIND_FAILURE_EXIT_MS,
  REPLACEMENT_GRACE_MS,
  START_DEADLINE_MS,
  STOP_GRACE_MS,
} from '../supervision/supervision-times.ts';

export const lifecycleInputs = [
  'start',
  /** In the place of `start` and `retryDue`: there is no address that a worker could bind. */
  'addressUnknown',
  'stop',
  /** The operator does not want to wait for the grace period. */
  'skipGracePeriod',
  'workerReady',
  'workerBindFailed',
  'workerExited',
  /** The worker's event loop has not answered for too long. */
  'heartbeatMissed',
  /** The worker exceeds its memory limit. */
  'memoryExceeded',
  /** The worker has broken a rule of its channel. */
  'channelViolated',
  'deadlinePassed',
  'retryDue',
] as const;
export type LifecycleInput = (typeof lifecycleInputs)[number];

export type LifecycleAction =
  'fork' | 'askToStop' | 'kill' | 'scheduleRestart' | 'scheduleBindRetry' | 'awaitAddress' | 'cancelRetry';

export interface Transition {
  readonly next: LifecycleState;
  readonly actions: readonly LifecycleAction[];
}

function to(next: LifecycleState, ...actions: LifecycleAction[]): Transition {
  return { next, actions };
}

/** An input without an entry changes nothing: it came too late, or twice. */
export const lifecycle: Readonly<
  Record<LifecycleState, Readonly<Partial<Record<LifecycleInput, Transition>>>>
> = {
  stopped: {
    start: to('starting', 'fork'),
    addressUnknown: to('bindFailed', 'awaitAddress'),
  },
  starting: {
    stop: to('stopping', 'askToStop'),
    workerReady: to('running'),
    workerBindFailed: to('bindFailing'),
    workerExited: to('backingOff', 'scheduleRestart'),
    channelViolated: to('failing', 'kill'),
    deadlinePassed: to('starting', 'kill'),
  },
  running: {
    stop: to('stopping', 'askToStop'),
    workerExited: to('backingOff', 'scheduleRestart'),
    heartbeatMissed: to('failing', 'kill'),
    // It still works, so it may finish a power cycle.
    memoryExceeded: to('failing', 'askToStop'),
    channelViolated: to('failing', 'kill'),
  },
  failing: {
    stop: to('stopping', 'askToStop'),
    workerExited: to('backingOff', 'scheduleRestart'),
    channelViolated: to('failing', 'kill'),
    deadlinePassed: to('failing', 'kill'),
  },
  stopping: {
    skipGracePeriod: to('stopping', 'kill'),
    workerExited: to('stopped'),
    channelViolated: to('stopping', 'kill'),
    deadlinePassed: to('stopping', 'kill'),
  },
  backingOff: {
    start: to('starting', 'cancelRetry', 'fork'),
    addressUnknown: to('bindFailed', 'cancelRetry', 'awaitAddress'),
    stop: to('stopped', 'cancelRetry'),
    retryDue: to('starting', 'fork'),
  },
  bindFailing: {
    stop: to('stopping', 'askToStop'),
    workerExited: to('bindFailed', 'scheduleBindRetry'),
    channelViolated: to('bindFailing', 'kill'),
    deadlinePassed: to('bindFailing', 'kill'),
  },
  bindFailed: {
    start: to('starting', 'cancelRetry', 'fork'),
    addressUnknown: to('bindFailed', 'cancelRetry', 'awaitAddress'),
    stop: to('stopped', 'cancelRetry'),
    retryDue: to('starting', 'fork'),
  },
};

/** How long a state may last before `deadlinePassed`; without an entry, for ever. */
export const stateDeadlinesMs: Readonly<Partial<Record<LifecycleState, number>>> = {
  starting: START_DEADLINE_MS,
  bindFailing: BIND_FAILURE_EXIT_MS,
  stopping: STOP_GRACE_MS,
  failing: REPLACEMENT_GRACE_MS,
};

/** Looks up one step; without an entry the state stays and nothing is done. */
export function step(state: LifecycleState, input: LifecycleInput): Transition {
  return lifecycle[state][input] ?? { next: state, actions: [] };
}
