/** How soon a worker is asked again for a start that it could not make. Pure. */

/** Some 15 s in all: by then the domain watch has reported again, which it does every 15 to 30 s, or has noticed that libvirt is away. */
const pausesMs: readonly number[] = [1_000, 2_000, 4_000, 8_000];

/** In milliseconds; `timesLeft`: how often workers have left the start. Undefined: with the next report of the domain watch. */
export function pauseBeforeRetryMs(timesLeft: number): number | undefined {
  return pausesMs[timesLeft - 1];
}
