/** What a worker's node is started with, for any version of Node. */

interface MemoryOption {
  readonly option: string;
  /** The last major version of Node whose V8 gains by it; without, all that there are. */
  readonly until?: number;
}

/**
 * Hundreds of workers run on a hypervisor: an idle one has half the memory with these, at the same rate. Measured side
 * by side on Node 20, 22 and 24 (docs/performance.md).
 */
const memoryOptions: readonly MemoryOption[] = [
  // V8 lets the young generation grow to 3 × 16 MB before it collects; a worker makes only short-lived garbage.
  { option: '--max-semi-space-size=1' },
  // Threads that compile and collect cost each their own memory, and a heap of 5 MB is not worth them.
  { option: '--single-threaded' },
  { option: '--no-sparkplug' },
  // For the collections of an idle worker.
  { option: '--expose-gc' },
  // Collections leave half empty pages behind. Newer versions keep what this empties, 3 MB more; there the worker asks
  // for collections that give pages back (its shell/garbage-collector.ts).
  { option: '--compact-on-every-full-gc', until: 20 },
];

/**
 * What a worker never does, so that nobody who finds a way into it can: make code out of text, reach a prototype
 * through `__proto__`. Neither costs memory or time.
 */
const hardeningOptions = ['--disallow-code-generation-from-strings', '--disable-proto=delete'];

/** `nodeVersion` is like `process.versions.node`. */
export function workerOptions(nodeVersion: string): readonly string[] {
  const major = Number.parseInt(nodeVersion, 10);
  const memory = memoryOptions.filter(({ until = Infinity }) => major <= until);
  return [...memory.map(({ option }) => option), ...hardeningOptions];
}

/** For glibc: one arena, and what is free at its end goes back (mallopt(3)). */
export const workerMemoryEnvironment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_TOP_PAD_: '0',
};
