/** Bit `position` (0 to 7) of a byte. */
export function bit(byte: number, position: number): boolean {
  return ((byte >>> position) & 1) === 1;
}

/** `position`'s bit set when `on`, otherwise 0; to be or-ed together. */
export function flag(on: boolean, position: number): number {
  return on ? 1 << position : 0;
}
