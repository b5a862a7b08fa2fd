/** Unpredictable bytes, as many as asked for. */
export type RandomBytes = (length: number) => Uint8Array;
