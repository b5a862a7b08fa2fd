/** Whether bit `position` (0 to 7) of a byte is set. */
export function bit(byte: number, position: number): boolean {
  return ((byte >>> position) & 1) === 1;
}

/** A byte with only bit `position` set if `on`, otherwise 0. Callers combine flags with `|`. */
export function flag(on: boolean, position: number): number {
  return on ? 1 << position : 0;
}
