/**
 * The inbound session sequence numbers of one session, so that no packet is taken twice
 * (v2.0§6.12.13: a sliding window of 32, up to 15 ahead of the highest number seen and 16 behind it;
 * OpenIPMI, as client and as server, takes the same). Numbers are 32 bits, pass over 0 and wrap.
 */
export interface SequenceWindow {
  highest: number;
  /** Bit n: the number `highest - n` was seen. */
  seen: number;
}

const AHEAD = 15;
const BEHIND = 16;

/**
 * Before the first packet everything before its number counts as seen: RMCP+ starts at 1, IPMI 1.5 where the BMC said.
 */
export function newSequenceWindow(first = 1): SequenceWindow {
  return { highest: (first - 1) >>> 0, seen: -1 };
}

/** How far `number` is ahead of the highest number seen; negative behind it. */
function distance(window: SequenceWindow, number: number): number {
  return (number - window.highest) | 0;
}

/** Whether a packet with this number may be looked at: inside the window and not seen before. Changes nothing. */
export function isFresh(window: SequenceWindow, number: number): boolean {
  if (number === 0) return false;
  const offset = distance(window, number);
  if (offset > 0) return offset <= AHEAD;
  return -offset <= BEHIND && ((window.seen >>> -offset) & 1) === 0;
}

/** Records a number that `isFresh`, once its packet proved authentic. */
export function markSeen(window: SequenceWindow, number: number): void {
  const offset = distance(window, number);
  if (offset > 0) {
    window.seen = (window.seen << offset) | 1;
    window.highest = number;
  } else {
    window.seen |= 1 << -offset;
  }
}
