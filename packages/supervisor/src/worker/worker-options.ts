/** Command-line options and environment of a worker's Node process, for each version of Node. */

interface MemoryOption {
  readonly option: string;
  /** The last major version of Node whose V8 gains by the option; all versions if absent. */
  readonly until?: number;
}

/**
 * A hypervisor runs hundreds of workers. With these options an idle worker needs half the memory and answers at the same
 * rate: measured side by side on Node 20, 22 and 24 (docs/performance.md).
 */
const memoryOptions: readonly MemoryOption[] = [
  // V8 lets the young generation grow to 3 × 16 MB before it collects; a worker makes only short-lived garbage.
  { option: '--max-semi-space-size=1' },
  // Each thread that compiles or collects has its own memory; a heap of 5 MB does not need such threads.
  { option: '--single-threaded' },
  { option: '--no-sparkplug' },
  // The worker collects garbage when it is idle (its shell/idle-collection.ts).
  { option: '--expose-gc' },
  // Without it collections leave half-empty pages behind. Newer versions keep the pages that this option empties, 3 MB
  // more; there the worker asks for collections that return pages (its shell/garbage-collector.ts).
  { option: '--compact-on-every-full-gc', until: 20 },
];

/**
 * Forbid what a worker never does but an attacker inside it might: compile code from text, reach a prototype through
 * `__proto__`. Neither option costs memory or time.
 */
const hardeningOptions = ['--disallow-code-generation-from-strings', '--disable-proto=delete'];

/** `nodeVersion` has the form of `process.versions.node`. */
export function workerOptions(nodeVersion: string): readonly string[] {
  const major = Number.parseInt(nodeVersion, 10);
  const memory = memoryOptions.filter(({ until = Infinity }) => major <= until);
  return [...memory.map(({ option }) => option), ...hardeningOptions];
}

/** For glibc's malloc: one arena, and free memory at its end is returned to the system (mallopt(3)). */
export const workerMemoryEnvironment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_TOP_PAD_: '0',
};
