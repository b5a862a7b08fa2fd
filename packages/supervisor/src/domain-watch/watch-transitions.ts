/** The domain watch of one connection as a table: state × input → next state and actions. */

export const watchStates = [
  /** No running BMC uses this connection. */
  'idle',
  /** The event stream was started, and is not known to be connected yet. */
  'connecting',
  /** Connected; virsh subscribes to the events, and prints nothing when it has. */
  'settling',
  /** The first snapshot of this connection is under way. */
  'snapshotting',
  /** Waits: a libvirt that has just started finds its domains again, and reports none that it does not find. */
  'pausing',
  /** The second snapshot is under way. */
  'verifying',
  /** Stream and snapshots have succeeded: the states are true. */
  'trusted',
  /** As `trusted`; another snapshot is under way. */
  'resyncing',
  /** The stream or a snapshot failed; the next attempt is scheduled. */
  'backingOff',
] as const;
export type WatchState = (typeof watchStates)[number];

export const watchInputs = [
  /** The first BMC of this connection has subscribed. */
  'wanted',
  /** The last one has unsubscribed. */
  'unwanted',
  'streamConnected',
  /** virsh ended or reported an error. */
  'streamLost',
  'snapshotTaken',
  /** It failed or ran past its deadline. */
  'snapshotFailed',
  /** The present state has lasted as long as it may. */
  'timeOver',
] as const;
export type WatchInput = (typeof watchInputs)[number];

export type WatchAction =
  | 'startStream'
  | 'stopStream'
  | 'takeSnapshot'
  /** Kills the snapshot under way. */
  | 'abandonSnapshot'
  /** Publishes the states: they have just become true, or were confirmed. */
  | 'trust'
  /** Publishes that the states are unknown. */
  | 'distrust';

export interface WatchTransition {
  readonly next: WatchState;
  readonly actions: readonly WatchAction[];
}

function to(next: WatchState, ...actions: WatchAction[]): WatchTransition {
  return { next, actions };
}

/** An input that is not listed changes nothing: it arrived too late, or twice. */
export const domainWatch: Readonly<
  Record<WatchState, Readonly<Partial<Record<WatchInput, WatchTransition>>>>
> = {
  idle: {
    wanted: to('connecting', 'startStream'),
  },
  connecting: {
    unwanted: to('idle', 'stopStream'),
    streamConnected: to('settling'),
    streamLost: to('backingOff', 'stopStream'),
    timeOver: to('backingOff', 'stopStream'),
  },
  settling: {
    unwanted: to('idle', 'stopStream'),
    streamLost: to('backingOff', 'stopStream'),
    timeOver: to('snapshotting', 'takeSnapshot'),
  },
  snapshotting: {
    unwanted: to('idle', 'abandonSnapshot', 'stopStream'),
    streamLost: to('backingOff', 'abandonSnapshot', 'stopStream'),
    snapshotTaken: to('pausing'),
    snapshotFailed: to('backingOff', 'stopStream'),
  },
  pausing: {
    unwanted: to('idle', 'stopStream'),
    streamLost: to('backingOff', 'stopStream'),
    timeOver: to('verifying', 'takeSnapshot'),
  },
  verifying: {
    unwanted: to('idle', 'abandonSnapshot', 'stopStream'),
    streamLost: to('backingOff', 'abandonSnapshot', 'stopStream'),
    snapshotTaken: to('trusted', 'trust'),
    snapshotFailed: to('backingOff', 'stopStream'),
  },
  trusted: {
    unwanted: to('idle', 'distrust', 'stopStream'),
    streamLost: to('backingOff', 'distrust', 'stopStream'),
    timeOver: to('resyncing', 'takeSnapshot'),
  },
  resyncing: {
    unwanted: to('idle', 'distrust', 'abandonSnapshot', 'stopStream'),
    streamLost: to('backingOff', 'distrust', 'abandonSnapshot', 'stopStream'),
    snapshotTaken: to('trusted', 'trust'),
    snapshotFailed: to('backingOff', 'distrust', 'stopStream'),
  },
  backingOff: {
    unwanted: to('idle'),
    timeOver: to('connecting', 'startStream'),
  },
};

/** Looks up one transition. */
export function watchStep(state: WatchState, input: WatchInput): WatchTransition {
  return domainWatch[state][input] ?? { next: state, actions: [] };
}

export function isTrusted(state: WatchState): boolean {
  return state === 'trusted' || state === 'resyncing';
}
