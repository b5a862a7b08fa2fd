/** Bit `position` (0 to 7) of a byte. */
export const bit = (byte: number, position: number): boolean => ((byte >>> position) & 1) === 1;

/** `position`'s bit set when `on`, otherwise 0; to be or-ed together. */
export const flag = (on: boolean, position: number): number => (on ? 1 << position : 0);
