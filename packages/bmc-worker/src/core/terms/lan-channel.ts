/** The one LAN channel. */
export const LAN_CHANNEL = 1;

/** Eh names "the channel this request came in by". */
export function isLanChannel(number: number): boolean {
  return number === LAN_CHANNEL || number === 0x0e;
}
