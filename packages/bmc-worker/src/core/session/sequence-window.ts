/**
 * The inbound session sequence numbers of one session, kept so that no packet is accepted twice (v2.0§6.12.13: a
 * sliding window of 32, up to 15 ahead of the highest number seen and 16 behind it; OpenIPMI accepts the same numbers
 * as client and as server). Numbers have 32 bits, skip 0 and wrap.
 */
export interface SequenceWindow {
  highest: number;
  /** Bit n is set if the number `highest - n` was seen. */
  seen: number;
}

const AHEAD = 15;
const BEHIND = 16;

/**
 * A window in which all numbers before `first` count as seen. RMCP+ starts at 1, IPMI 1.5 at the number that the BMC
 * chose.
 */
export function newSequenceWindow(first = 1): SequenceWindow {
  return { highest: (first - 1) >>> 0, seen: -1 };
}

/** How far `number` is ahead of the highest number seen; negative if it is behind. */
function distance(window: SequenceWindow, number: number): number {
  return (number - window.highest) | 0;
}

/** Whether this number is inside the window and was not seen before. Changes nothing. */
export function isFresh(window: SequenceWindow, number: number): boolean {
  if (number === 0) return false;
  const offset = distance(window, number);
  if (offset > 0) return offset <= AHEAD;
  return -offset <= BEHIND && ((window.seen >>> -offset) & 1) === 0;
}

/** Records a number that `isFresh` accepted, after its packet proved authentic. */
export function markSeen(window: SequenceWindow, number: number): void {
  const offset = distance(window, number);
  if (offset > 0) {
    window.seen = (window.seen << offset) | 1;
    window.highest = number;
  } else {
    window.seen |= 1 << -offset;
  }
}
