/** The one LAN channel. */
export const lanChannel = 1;

/** Eh names "the channel this request came in by". */
export const isLanChannel = (number: number): boolean => number === lanChannel || number === 0x0e;
