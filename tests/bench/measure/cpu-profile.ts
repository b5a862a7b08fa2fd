/** The parts of a profile as `node --cpu-prof` writes it that are needed here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Node ids, one for each sample. */
  readonly samples: readonly number[];
  /** On the machine's monotonic clock, which `process.hrtime` reads too, in microseconds. */
  readonly startTime: number;
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** Microseconds of the monotonic clock. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/**
 * Part of the time in this window that was not idle, by category, the largest first. `categoryOf` tells a frame's, or
 * undefined for one that belongs to its caller's: native functions have no place of their own.
 */
export function sharesOf(
  profile: CpuProfile,
  { from, to }: TimeWindow,
  categoryOf: (frame: ProfileNode['callFrame']) => string | undefined,
): ReadonlyMap<string, number> {
  const parents = new Map<number, ProfileNode>();
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node);
  const times = new Map<string, number>();
  let total = 0;
  let now = profile.startTime;
  for (const [at, id] of profile.samples.entries()) {
    now += profile.timeDeltas[at] ?? 0;
    const node = byId.get(id);
    if (now < from || now > to) continue;
    if (node === undefined || node.callFrame.functionName === '(idle)') continue;
    let owner: ProfileNode | undefined = node;
    let category = categoryOf(node.callFrame);
    while (category === undefined && owner !== undefined) {
      owner = parents.get(owner.id);
      category = owner && categoryOf(owner.callFrame);
    }
    const time = profile.timeDeltas[at + 1] ?? 0;
    total += time;
    const name = category ?? 'other';
    times.set(name, (times.get(name) ?? 0) + time);
  }
  const sorted = [...times].toSorted(([, a], [, b]) => b - a);
  return new Map(sorted.map(([name, time]) => [name, time / total]));
}

/** Which source file each line of an esbuild bundle comes from: it begins each with a comment that names it. */
export function modulesOfBundle(bundle: string): (line: number) => string | undefined {
  const lines: (string | undefined)[] = [];
  let current: string | undefined;
  for (const line of bundle.split('\n')) {
    current = /^\/\/ (\S+\.ts)$/.exec(line)?.[1] ?? current;
    lines.push(current);
  }
  return (line) => lines[line];
}
