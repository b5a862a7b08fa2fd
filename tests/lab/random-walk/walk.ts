/** Operations on real domains, drawn at random, each of them judged by what libvirt says. */
import { SeededRandom } from '#support/seeded-random.ts';
import { waitFor } from '#support/wait-for.ts';
import type { Lab } from '../lab.ts';
import { compareTold, compareTruth } from './compare.ts';
import { newDomain, type DomainModel } from './domain-model.ts';
import { expectationOf, isPossible, needsGuest, type Expectation } from './expectation.ts';
import { allOperations, describeOperation, type BootDevice, type Operation } from './operation.ts';
import { perform, type Refusal } from './perform.ts';
import { readTold, type Told } from './read-told.ts';
import { readTruth, type Truth } from './read-truth.ts';
import type { WalkDomain } from './walk-domain.ts';

/** How long each side may take to settle, on a machine that is busy with other work. */
const SETTLE_TIMEOUT_MS = 30_000;
/** A Linux guest under software emulation. */
const BOOT_TIMEOUT_MS = 240_000;

export interface Divergence {
  readonly number: number;
  readonly domain: string;
  readonly operation: string;
  readonly wrong: readonly string[];
}

export interface WalkOptions {
  readonly seed: number;
  readonly operations: number;
  readonly print: (line: string) => void;
  /** Only operations that this accepts are drawn. */
  readonly accepts?: (operation: Operation) => boolean;
}

export interface WalkResult {
  readonly operations: number;
  readonly divergences: readonly Divergence[];
  /** How often each operation was carried out. */
  readonly counts: ReadonlyMap<string, number>;
}

/** One domain on its way: what must be true of it, and what has been done to it since that was last known for sure. */
interface Walker {
  readonly domain: WalkDomain;
  model: DomainModel;
  history: string[];
  /** The number of lines that the guest had said when it began to boot. */
  bootMark: number;
}

function seconds(): number {
  return performance.now() / 1000;
}

export async function walk(
  lab: Lab,
  domains: readonly WalkDomain[],
  { seed, operations, print, accepts = () => true }: WalkOptions,
): Promise<WalkResult> {
  const random = new SeededRandom(seed);
  const walkers = domains.map((domain): Walker => ({ domain, model: newDomain, history: [], bootMark: 0 }));
  const drawn = allOperations.filter(accepts);
  const divergences: Divergence[] = [];
  const counts = new Map<string, number>();

  for (let number = 1; number <= operations; number += 1) {
    const walker = walkers[random.below(walkers.length)];
    if (walker === undefined) throw new Error('a walk needs a domain');
    const possible = drawn.filter((operation) => isPossible(walker.model, operation));
    const operation = possible[random.below(possible.length)];
    if (operation === undefined) throw new Error('nothing can be done');
    const text = describeOperation(operation);
    walker.history.push(text);
    counts.set(text, (counts.get(text) ?? 0) + 1);

    const wrong = await step(lab, walker, operation, random.below(2) === 0);
    if (wrong.length === 0) continue;
    divergences.push({ number, domain: walker.domain.name, operation: text, wrong });
    print(`DIVERGENCE, seed ${seed}, operation ${number}: ${walker.domain.name}, ${text}`);
    for (const line of wrong) print(`    ${line}`);
    print(`    what was done to it since it was defined: ${walker.history.join(', ')}`);
    walker.model = await resynchronize(lab, walker);
    walker.history = [];
  }
  return { operations, divergences, counts };
}

/** Carries out one operation; returns what is not as it must be. */
async function step(
  lab: Lab,
  walker: Walker,
  operation: Operation,
  waitsForBoot: boolean,
): Promise<readonly string[]> {
  const { domain } = walker;
  if (needsGuest(operation)) {
    const late = await guestUp(walker);
    if (late !== undefined) return [`before it: ${late}`];
  }
  const before = await readTruth(lab.libvirt, domain.name);
  const mark = domain.lines().length;
  const circumstances = { at: seconds(), onCrash: domain.onCrash };
  const expected = expectationOf(walker.model, operation, circumstances);

  const refusal = await perform(lab, domain, operation, walker.model);
  const wrongAnswer = judgeAnswer(expected, refusal);
  if (wrongAnswer !== undefined) return [wrongAnswer];
  // A reply means that it happened: no waiting here.
  const atOnce = happensAtOnce(operation)
    ? await readTruth(lab.libvirt, domain.name).then((truth) => compareTruth(expected.after, truth))
    : [];
  if (atOnce.length > 0) return atOnce.map((line) => `at once after the answer: ${line}`);

  const wasBooting = walker.model.guest === 'booting';
  walker.model = expected.after;
  if (expected.after.guest === 'booting' && !(wasBooting && expected.process === 'same'))
    walker.bootMark = mark;
  const settled = await settle(lab, walker);
  if (settled.wrong.length > 0) return settled.wrong;
  const wrongProcess = judgeProcess(expected, before, settled.truth);
  if (wrongProcess !== undefined) return [wrongProcess];
  const late = waitsForBoot ? await guestUp(walker) : undefined;
  return late === undefined ? [] : [late];
}

function judgeAnswer({ answer }: Expectation, refusal: Refusal): string | undefined {
  if (answer === 'done') return refusal === undefined ? undefined : `refused: ${refusal}`;
  if (refusal === undefined) return `answered with success; wanted: ${answer.refused}`;
  return refusal.includes(answer.refused) ? undefined : `refused: ${refusal}; wanted: ${answer.refused}`;
}

/** By contrast a guest, and what it is asked, take their time. */
function happensAtOnce(operation: Operation): boolean {
  if (operation.by === 'guest') return false;
  if (operation.by === 'virsh') return operation.verb !== 'shutdown';
  return operation.verb !== 'power' || operation.power !== 'soft';
}

function judgeProcess({ process }: Expectation, before: Truth, after: Truth): string | undefined {
  const found = after.id === undefined ? 'none' : after.id === before.id ? 'same' : 'new';
  const same = before.id === undefined && process === 'same' ? 'none' : process;
  return same === 'any' || same === found ? undefined : `process: wanted ${same}, it is ${found}`;
}

/** Waits until both sides are what they must be; otherwise says how they differ at the end. */
async function settle(
  lab: Lab,
  { domain, model }: Pick<Walker, 'domain' | 'model'>,
): Promise<{ readonly truth: Truth; readonly wrong: readonly string[] }> {
  let last: { truth: Truth; told?: Told; wrong: readonly string[] } | undefined;
  const look = async (): Promise<boolean> => {
    const truth = await readTruth(lab.libvirt, domain.name);
    last = { truth, wrong: compareTruth(model, truth) };
    if (last.wrong.length > 0) return false;
    const told = await readTold(lab, lab.bmc(domain.index)).catch((error: unknown) => String(error));
    if (typeof told === 'string') {
      last = { truth, wrong: [`no answer: ${told}`] };
      return false;
    }
    last = {
      truth,
      told,
      wrong: compareTold(model, domain.definition(model), { truth, told, at: seconds() }),
    };
    return last.wrong.length === 0;
  };
  try {
    await waitFor('both sides to agree', look, { timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 100 });
  } catch (error) {
    if (last === undefined) throw error;
  }
  if (last === undefined) throw new Error('nothing was read');
  return last;
}

/** What the guest says when it comes from such a device, or how that begins: network cards are numbered. */
const identities: Readonly<Record<BootDevice, string>> = { pxe: 'net', disk: 'disk', cdrom: 'cdrom' };

/** Waits until the guest that boots has said from what; returns what is wrong with it. */
async function guestUp(walker: Walker): Promise<string | undefined> {
  const { domain, model } = walker;
  if (model.guest === 'up' || model.power !== 'running') return undefined;
  const boots = (): string[] =>
    domain
      .lines()
      .slice(walker.bootMark)
      .filter((line) => line.startsWith('boot '));
  const wanted = model.bootsFrom === undefined ? 'boot ' : `boot ${identities[model.bootsFrom]}`;
  const isUp = (): boolean => {
    const last = boots().at(-1);
    return last?.startsWith(wanted) === true;
  };
  try {
    await waitFor('the guest to boot', isUp, {
      timeoutMs: boots().length > 0 ? SETTLE_TIMEOUT_MS : BOOT_TIMEOUT_MS,
    });
    walker.model = { ...model, guest: 'up', bootsFrom: undefined };
    return undefined;
  } catch {
    return `boot: wanted ${wanted}, the guest says ${boots().join(', ') || 'nothing'}`;
  }
}

/** After a divergence: the domain is defined anew, so that what follows can be judged. */
async function resynchronize(lab: Lab, { domain, model }: Walker): Promise<DomainModel> {
  if ((await lab.domstate(domain.name)) !== 'shut off') await lab.libvirt.virsh('destroy', domain.name);
  // By hand what the BMC would not notice by itself, if that is what has diverged.
  const withoutOverride = { by: 'ipmi', verb: 'bootdev', device: 'none', persistent: false } as const;
  const policy = { by: 'ipmi', verb: 'policy', policy: newDomain.policy } as const;
  for (const operation of [withoutOverride, policy, { by: 'virsh', verb: 'redefine' }] as const) {
    const refusal = await perform(lab, domain, operation, model);
    if (refusal !== undefined) throw new Error(`${domain.name}, ${describeOperation(operation)}: ${refusal}`);
  }
  const anew: DomainModel = { ...newDomain, generation: model.generation };
  const settled = await settle(lab, { domain, model: anew });
  if (settled.wrong.length > 0) throw new Error(`${domain.name}, defined anew: ${settled.wrong.join('; ')}`);
  return anew;
}
