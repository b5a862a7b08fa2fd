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
  /** A snapshot is overdue: libvirt does not answer about some domain. The first round of single questions is under way. */
  'asking',
  /** The domains that answer singly are known, the others are not. Waits for the next round, or the next snapshot. */
  'partlyTrusted',
  /** As `partlyTrusted`; another round of single questions is under way. */
  'reasking',
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
  'snapshotFailed',
  /** It has run past its deadline. It is left running: libvirt still owes the answer. */
  'snapshotOverdue',
  /** Each domain has been asked singly, and has answered or not. */
  'roundOver',
  /** libvirt owes an answer about a domain, to the watch or to a worker: a snapshot would have to wait for it. */
  'domainUnanswered',
  /** It is time for a snapshot, and libvirt owes no answer. */
  'nothingOwed',
  /** The present state has lasted as long as it may. */
  'timeOver',
] as const;
export type WatchInput = (typeof watchInputs)[number];

export type WatchAction =
  | 'startStream'
  | 'stopStream'
  | 'takeSnapshot'
  /** Ignores the outcome of the snapshot under way. */
  | 'abandonSnapshot'
  /** Begins a round of single questions. */
  | 'askSingly'
  /** Asks no further single question of this round. */
  | 'abandonRound'
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
    snapshotOverdue: to('asking', 'askSingly'),
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
    snapshotOverdue: to('asking', 'askSingly'),
  },
  trusted: {
    unwanted: to('idle', 'distrust', 'stopStream'),
    streamLost: to('backingOff', 'distrust', 'stopStream'),
    timeOver: to('resyncing', 'takeSnapshot'),
    domainUnanswered: to('partlyTrusted'),
  },
  resyncing: {
    unwanted: to('idle', 'distrust', 'abandonSnapshot', 'stopStream'),
    streamLost: to('backingOff', 'distrust', 'abandonSnapshot', 'stopStream'),
    snapshotTaken: to('trusted', 'trust'),
    snapshotFailed: to('backingOff', 'distrust', 'stopStream'),
    snapshotOverdue: to('reasking', 'askSingly'),
  },
  asking: {
    unwanted: to('idle', 'abandonRound', 'stopStream'),
    streamLost: to('backingOff', 'abandonRound', 'stopStream'),
    roundOver: to('partlyTrusted', 'trust'),
  },
  partlyTrusted: {
    unwanted: to('idle', 'distrust', 'stopStream'),
    streamLost: to('backingOff', 'distrust', 'stopStream'),
    timeOver: to('reasking', 'askSingly'),
    nothingOwed: to('resyncing', 'takeSnapshot'),
  },
  reasking: {
    unwanted: to('idle', 'distrust', 'abandonRound', 'stopStream'),
    streamLost: to('backingOff', 'distrust', 'abandonRound', 'stopStream'),
    roundOver: to('partlyTrusted', 'trust'),
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

/** Whether virsh has a connection. */
export function isConnected(state: WatchState): boolean {
  return state !== 'idle' && state !== 'connecting' && state !== 'backingOff';
}

/** A question about all domains waits for one of them. */
const partialStates: ReadonlySet<WatchState> = new Set(['asking', 'partlyTrusted', 'reasking']);

/** Whether libvirt answers about some of the domains only. */
export function isPartial(state: WatchState): boolean {
  return partialStates.has(state);
}

const trustedStates: ReadonlySet<WatchState> = new Set(['trusted', 'resyncing', 'partlyTrusted', 'reasking']);

/** Whether what is known of the domains is true; of a domain about which libvirt does not answer, nothing is known. */
export function isTrusted(state: WatchState): boolean {
  return trustedStates.has(state);
}
