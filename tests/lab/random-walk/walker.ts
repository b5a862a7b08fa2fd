/** One domain of the walk: carries out an operation on it and judges what follows by what libvirt says. */
import { waitFor } from '#support/wait-for.ts';
import type { Lab } from '../lab.ts';
import { compareTold, compareTruth } from './compare.ts';
import { newDomain, type DomainModel } from './domain-model.ts';
import { expectationOf, needsGuest, type Expectation } from './expectation.ts';
import { describeOperation, type BootDevice, type Operation } from './operation.ts';
import { perform, type Refusal } from './perform.ts';
import { readTold } from './read-told.ts';
import { readTruth, type Truth } from './read-truth.ts';
import type { WalkDomain } from './walk-domain.ts';

/** How long each side may take to settle, on a machine that is busy with other work. */
const SETTLE_TIMEOUT_MS = 60_000;
/** A Linux guest under software emulation. */
const BOOT_TIMEOUT_MS = 240_000;

const LOGGED_LINES = 12;

export interface Walker {
  readonly lab: Lab;
  readonly domain: WalkDomain;
  /** Once it is aborted, nothing is waited for any more, and what a step then returns means nothing. */
  readonly signal: AbortSignal;
  model: DomainModel;
  /** The domain's process when both sides last agreed: until the next operation it may not change either. */
  processId: string | undefined;
  /** The number of lines that the guest had said when it began to boot. */
  bootMark: number;
}

/** Begins with a domain that is shut off. */
export function startWalker(lab: Lab, domain: WalkDomain, signal: AbortSignal): Walker {
  return { lab, domain, signal, model: newDomain, processId: undefined, bootMark: 0 };
}

function seconds(): number {
  return performance.now() / 1000;
}

/** Carries out one operation; returns what is not as it must be. */
export async function step(
  walker: Walker,
  operation: Operation,
  waitsForBoot: boolean,
): Promise<readonly string[]> {
  const { lab, domain } = walker;
  if (needsGuest(operation)) {
    const late = await guestUp(walker);
    if (late !== undefined) return [`before it: ${late}`];
  }
  const mark = domain.lines().length;
  const expected = expectationOf(walker.model, operation, { at: seconds(), onCrash: domain.onCrash });

  const refusal = await perform(lab, domain, operation, walker.model);
  const wrongAnswer = judgeAnswer(expected, refusal);
  if (wrongAnswer !== undefined) return [wrongAnswer];
  // A reply means that it happened: no waiting here.
  const truth = happensAtOnce(operation) ? await readTruth(lab.libvirt, domain.name) : undefined;
  const atOnce = truth === undefined ? [] : compareTruth(expected.after, truth);
  if (atOnce.length > 0) return atOnce.map((line) => `at once after the answer: ${line}`);

  const wasBooting = walker.model.guest === 'booting';
  walker.model = expected.after;
  if (expected.after.guest === 'booting' && !(wasBooting && expected.process === 'same'))
    walker.bootMark = mark;
  const settled = await settle(walker, truth);
  if (settled.wrong.length > 0) return settled.wrong;
  const wrongProcess = judgeProcess(expected, walker.processId, settled.truth.id);
  walker.processId = settled.truth.id;
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

function judgeProcess(
  { process }: Expectation,
  before: string | undefined,
  after: string | undefined,
): string | undefined {
  const found = after === undefined ? 'none' : after === before ? 'same' : 'new';
  const same = before === undefined && process === 'same' ? 'none' : process;
  return same === 'any' || same === found ? undefined : `process: wanted ${same}, it is ${found}`;
}

/**
 * Waits until both sides are what they must be; otherwise says how they differ at the end. `known`: what libvirt has just
 * said, for the first look.
 */
async function settle(
  { lab, domain, model, signal }: Walker,
  known?: Truth,
): Promise<{ readonly truth: Truth; readonly wrong: readonly string[] }> {
  let last: { readonly truth: Truth; readonly wrong: readonly string[] } | undefined;
  let isFirst = true;
  const look = async (): Promise<boolean> => {
    const truth = isFirst && known !== undefined ? known : await readTruth(lab.libvirt, domain.name);
    isFirst = false;
    last = { truth, wrong: compareTruth(model, truth) };
    if (signal.aborted) return true;
    if (last.wrong.length > 0) return false;
    const told = await readTold(lab, lab.bmc(domain.index)).catch((error: unknown) => String(error));
    const wrong =
      typeof told === 'string'
        ? [`no answer: ${told}`]
        : compareTold(model, domain.definition(model), { truth, told, at: seconds() });
    last = { truth, wrong };
    return wrong.length === 0;
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
  const { domain, model, signal } = walker;
  if (model.guest === 'up' || model.power !== 'running') return undefined;
  const boots = (): string[] =>
    domain
      .lines()
      .slice(walker.bootMark)
      .filter((line) => line.startsWith('boot '));
  const wanted = model.bootsFrom === undefined ? 'boot ' : `boot ${identities[model.bootsFrom]}`;
  const isUp = (): boolean => {
    const last = boots().at(-1);
    return signal.aborted || last?.startsWith(wanted) === true;
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

/** The last that vbmcd has logged of the domain. */
export function lastLogged({ lab, domain }: Walker): string[] {
  const lines = lab.vbmcd.log().split('\n');
  return lines.filter((line) => line.includes(domain.name)).slice(-LOGGED_LINES);
}

/** After a divergence: the domain is defined anew, so that what follows can be judged. Returns why that cannot be. */
export async function resynchronize(walker: Walker): Promise<string | undefined> {
  const { lab, domain, model } = walker;
  if ((await lab.domstate(domain.name)) !== 'shut off') await lab.libvirt.virsh('destroy', domain.name);
  // By hand what the BMC would not notice by itself, if that is what has diverged.
  const withoutOverride = { by: 'ipmi', verb: 'bootdev', device: 'none', persistent: false } as const;
  const policy = { by: 'ipmi', verb: 'policy', policy: newDomain.policy } as const;
  for (const operation of [withoutOverride, policy, { by: 'virsh', verb: 'redefine' }] as const) {
    // A change that libvirt has not answered in time holds up what comes after it.
    const done = waitFor(describeOperation(operation), async () => {
      const refusal = await perform(lab, domain, operation, model);
      if (refusal !== undefined) throw new Error(refusal);
      return true;
    });
    const obstacle = await done.then(() => undefined, String);
    if (obstacle !== undefined) return obstacle;
  }
  walker.model = { ...newDomain, generation: model.generation };
  const settled = await settle(walker);
  walker.processId = settled.truth.id;
  return settled.wrong.length > 0 ? settled.wrong.join('; ') : undefined;
}
