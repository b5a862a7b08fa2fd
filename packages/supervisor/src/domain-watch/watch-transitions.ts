/** The life of the domain watch of one connection as a table: state × input → next state and what to do. */

export const watchStates = [
  /** No BMC of this connection runs. */
  'idle',
  /** The event stream was started and has not proved that it is connected. */
  'connecting',
  /** Connected; the events are being subscribed to, of which virsh tells nothing. */
  'settling',
  /** The first snapshot since then is under way. */
  'snapshotting',
  /** A libvirt that has just started finds its domains again, and tells nobody of those that it does not find. */
  'pausing',
  /** The second snapshot is under way. */
  'verifying',
  /** Stream and snapshots are there: the states are true. */
  'trusted',
  /** As `trusted`; another snapshot is under way. */
  'resyncing',
  /** The stream or a snapshot failed; another attempt is scheduled. */
  'backingOff',
] as const;
export type WatchState = (typeof watchStates)[number];

export const watchInputs = [
  /** The first BMC of this connection runs. */
  'wanted',
  /** The last one has gone. */
  'unwanted',
  'streamConnected',
  /** virsh ended, or said that something went wrong. */
  'streamLost',
  'snapshotTaken',
  /** It failed or ran past its deadline. */
  'snapshotFailed',
  /** The time that the present state may last is over. */
  'timeOver',
] as const;
export type WatchInput = (typeof watchInputs)[number];

export type WatchAction =
  | 'startStream'
  | 'stopStream'
  | 'takeSnapshot'
  /** Forgets a snapshot that is under way. */
  | 'abandonSnapshot'
  /** The states have just become true, or were confirmed. */
  | 'trust'
  /** From now on nobody may believe them. */
  | 'distrust';

export interface WatchTransition {
  readonly next: WatchState;
  readonly actions: readonly WatchAction[];
}

function to(next: WatchState, ...actions: WatchAction[]): WatchTransition {
  return { next, actions };
}

/** An input that is not listed changes nothing: it came too late, or twice. */
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

/** Looks one step up; an input that the state does not know leaves everything as it is. */
export function watchStep(state: WatchState, input: WatchInput): WatchTransition {
  return domainWatch[state][input] ?? { next: state, actions: [] };
}

export function isTrusted(state: WatchState): boolean {
  return state === 'trusted' || state === 'resyncing';
}
