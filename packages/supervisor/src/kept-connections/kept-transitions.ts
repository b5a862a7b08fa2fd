/** The life of one kept connection as a table: state × input → next state and action. Pure. */

export const keptStates = [
  /** No running BMC uses it. */
  'idle',
  /** ssh is logging in, and a virsh tries the way. */
  'connecting',
  /** Every virsh of this connection URI may use it. */
  'standing',
  /** The last attempt has failed; the next one is scheduled. */
  'pausing',
] as const;
export type KeptState = (typeof keptStates)[number];

export const keptInputs = [
  /** The first BMC uses the connection. */
  'wanted',
  /** The last one has left. */
  'unwanted',
  /** A virsh has got an answer by this way. */
  'proven',
  /** The attempt has failed. */
  'failed',
  /** ssh has ended, after some time. */
  'lost',
  /** ssh has ended as soon as it stood. */
  'lostAtOnce',
  /** The pause is over. */
  'timeOver',
  /** The domain watch is about to connect: it would be a login of its own. */
  'demanded',
] as const;
export type KeptInput = (typeof keptInputs)[number];

export type KeptAction = 'start' | 'stop';

export interface KeptTransition {
  readonly next: KeptState;
  readonly action?: KeptAction;
}

/** An input that is not listed changes nothing: it arrived too late, or twice. */
export const keptConnection: Readonly<
  Record<KeptState, Readonly<Partial<Record<KeptInput, KeptTransition>>>>
> = {
  idle: {
    wanted: { next: 'connecting', action: 'start' },
  },
  connecting: {
    unwanted: { next: 'idle', action: 'stop' },
    proven: { next: 'standing' },
    failed: { next: 'pausing', action: 'stop' },
    lost: { next: 'pausing', action: 'stop' },
    lostAtOnce: { next: 'pausing', action: 'stop' },
  },
  standing: {
    unwanted: { next: 'idle', action: 'stop' },
    // At once: whoever waits for it would otherwise log in alone.
    lost: { next: 'connecting', action: 'start' },
    lostAtOnce: { next: 'pausing', action: 'stop' },
  },
  pausing: {
    unwanted: { next: 'idle' },
    timeOver: { next: 'connecting', action: 'start' },
    demanded: { next: 'connecting', action: 'start' },
  },
};

/** Looks up one transition. */
export function keptStep(state: KeptState, input: KeptInput): KeptTransition {
  return keptConnection[state][input] ?? { next: state };
}
