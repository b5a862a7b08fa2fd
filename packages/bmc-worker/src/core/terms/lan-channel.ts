/** The one channel of this BMC that has clients. */
export const LAN_CHANNEL = 1;
/** Channels without sessions that the specification numbers the same for all BMCs (v2.0§6.3). */
export const PRIMARY_IPMB = 0x00;
export const SYSTEM_INTERFACE = 0x0f;

/** Channel number Eh means "the channel on which this request arrived". */
export function isLanChannel(number: number): boolean {
  return number === LAN_CHANNEL || number === 0x0e;
}
