/** The BMC has one channel, a LAN channel. */
export const LAN_CHANNEL = 1;

/** Channel number Eh means "the channel on which this request arrived". */
export function isLanChannel(number: number): boolean {
  return number === LAN_CHANNEL || number === 0x0e;
}
