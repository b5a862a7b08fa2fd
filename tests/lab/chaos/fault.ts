/** The faults of the chaos, and the random choice of the next one. Pure. */
import type { SeededRandom } from '#support/seeded-random.ts';

/** `oneBmc` hits one BMC at most; `process` and `surroundings` may hit all. */
export const faultKinds = {
  workerKilled: { reach: 'oneBmc', lane: 'process' },
  workerStopped: { reach: 'oneBmc', lane: 'process' },
  workerForksFail: { reach: 'oneBmc', lane: 'process' },
  virshOfOneStalls: { reach: 'oneBmc', lane: 'surroundings' },
  /** Other BMCs are added, changed and removed: it hits none of those that are judged. */
  inventoryEdited: { reach: 'noBmc', lane: 'surroundings' },
  vbmcdKilled: { reach: 'all', lane: 'process' },
  vbmcdTerminated: { reach: 'all', lane: 'process' },
  vbmcdStopped: { reach: 'all', lane: 'process' },
  vbmcdForksFail: { reach: 'all', lane: 'process' },
  vbmcdHasNoDescriptors: { reach: 'all', lane: 'process' },
  libvirtdKilled: { reach: 'all', lane: 'surroundings' },
  libvirtdTerminated: { reach: 'all', lane: 'surroundings' },
  virshStalls: { reach: 'all', lane: 'surroundings' },
  stateDiskFull: { reach: 'all', lane: 'surroundings' },
  clockStepped: { reach: 'all', lane: 'surroundings' },
} as const satisfies Readonly<
  Record<string, { readonly reach: 'noBmc' | 'oneBmc' | 'all'; readonly lane: 'process' | 'surroundings' }>
>;
export type FaultKind = keyof typeof faultKinds;
export type Lane = 'process' | 'surroundings';

export interface Fault {
  readonly kind: FaultKind;
  /** Which domain's BMC it hits: the index, or all, or none. */
  readonly target: number | 'all' | 'none';
  /** How long it lasts, or for how long the victim is away. */
  readonly holdMs: number;
  /** The error of each fork. */
  readonly code: string;
  /** How a stalled `virsh`, or a stopped process, goes on. */
  readonly end: 'continues' | 'dies';
  /** By how many seconds the clock is off. */
  readonly clockSeconds: number;
}

const longest: Readonly<Record<FaultKind, number>> = {
  workerKilled: 0,
  workerStopped: 14_000,
  workerForksFail: 6_000,
  virshOfOneStalls: 25_000,
  inventoryEdited: 0,
  vbmcdKilled: 0,
  vbmcdTerminated: 0,
  vbmcdStopped: 18_000,
  vbmcdForksFail: 8_000,
  vbmcdHasNoDescriptors: 8_000,
  libvirtdKilled: 6_000,
  libvirtdTerminated: 3_000,
  virshStalls: 20_000,
  stateDiskFull: 12_000,
  clockStepped: 15_000,
};
const codes = ['ENOMEM', 'EAGAIN', 'EMFILE', 'ENFILE'] as const;
const clockSteps = [-86_400, -3_600, -20, 20, 600, 3_600, 31_536_000] as const;

export interface FaultChoice {
  readonly lane: Lane;
  /** Only faults that hit one BMC at most. */
  readonly isSparing: boolean;
  readonly available: ReadonlySet<FaultKind>;
  readonly domains: number;
  /** A domain that is asked for a change at this moment. */
  readonly busy: number | undefined;
}

export function drawFault(random: SeededRandom, choice: FaultChoice): Fault {
  const { lane, isSparing, available, domains, busy } = choice;
  const kinds = (Object.keys(faultKinds) as FaultKind[]).filter((kind) => {
    const known = faultKinds[kind];
    return known.lane === lane && available.has(kind) && (!isSparing || known.reach !== 'all');
  });
  const kind = kinds[random.below(kinds.length)];
  if (kind === undefined) throw new Error(`no fault can be drawn for ${lane}`);
  const other = random.below(domains);
  const isAimed = random.below(3) > 0;
  const hit = isAimed && busy !== undefined ? busy : other;
  const { reach } = faultKinds[kind];
  const most = longest[kind];
  return {
    kind,
    target: reach === 'oneBmc' ? hit : reach === 'all' ? 'all' : 'none',
    // Short ones are more frequent: they end in the middle of what they have disturbed.
    holdMs: most === 0 ? 0 : random.below(1 + random.below(most)),
    code: codes[random.below(codes.length)] ?? 'ENOMEM',
    end: random.below(3) === 0 ? 'dies' : 'continues',
    clockSeconds: clockSteps[random.below(clockSteps.length)] ?? 0,
  };
}

export function describeFault({ kind, target, holdMs, code, end, clockSeconds }: Fault): string {
  const whom = typeof target === 'number' ? ` of node-${target}` : '';
  const held = holdMs > 0 ? ` for ${(holdMs / 1000).toFixed(1)} s` : '';
  const details: Partial<Record<FaultKind, string>> = {
    workerForksFail: `, ${code}`,
    vbmcdForksFail: `, ${code}`,
    virshOfOneStalls: `, then ${end}`,
    virshStalls: `, then ${end}`,
    workerStopped: `, then ${end}`,
    vbmcdStopped: `, then ${end}`,
    clockStepped: ` by ${clockSeconds} s`,
  };
  return `${kind}${whom}${held}${details[kind] ?? ''}`;
}
