/**
 * A change that switches the domain off only to start it again. From the first half on the BMC owes the second: the start is noted
 * where it outlives this process, and is tried again when libvirt has gone away in between.
 */
import type { DomainFacts, DomainFailure, DomainState } from '../core/terms/domain-action.ts';
import { meets, type PowerStep } from './chassis-control.ts';
import { failed, observingRuns, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import type { FoundOverride } from './override-summary.ts';
import type { OwedStartNotes } from './owed-start-notes.ts';
import { isOfConnection, lookAtOwed } from './owed-start.ts';
import { isStart, runSteps, type PowerOptions } from './power-steps.ts';
import { domainFailure } from './virsh-error.ts';
import type { VirshResult } from './virsh.ts';

/** Between two attempts, in milliseconds: a minute in all. After that the supervisor's domain watch says when libvirt is back. */
const pausesMs: readonly number[] = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000];

/** So many reads show the domain on until the client is told that it was not switched off. */
const READS_OF_A_DOMAIN_THAT_STAYS_ON = 4;

const NOBODY_WOULD_FINISH =
  'vbmcd stands still, so nobody would start the domain again if this were cut: nothing was done, try again';

/** How far the first attempt has come. */
interface Progress {
  destroyed?: VirshResult;
  /** The last time that the state was read after that. */
  readAfter?: Result<DomainState>;
  hasTriedStart?: true;
}

type Failed = Extract<Result<never>, { ok: false }>;

/** Runs such steps; see `runSteps`. */
export async function runInTwoHalves(
  domain: DomainConnection,
  steps: readonly PowerStep[],
  override: FoundOverride,
  options: PowerOptions,
): Promise<Result<DomainFacts>> {
  const { origin, owedStarts } = options;
  const uuid = await domain.readUuid();
  if (!uuid.ok) return uuid;
  if (!(await owedStarts.note({ ...origin, uuid: uuid.value })))
    return failed(domainFailure('virshInterrupted', NOBODY_WOULD_FINISH));
  const progress: Progress = {};
  const first = await runSteps(noting(domain, progress, owedStarts), steps, override, options);
  if (first.ok) {
    await owedStarts.end('done');
    return first;
  }
  if (isUntouched(first.failure, progress)) {
    await owedStarts.end('calledOff');
    return first;
  }
  if (progress.hasTriedStart === true && !isOfConnection(first.failure)) return fail(first, options);
  const isOff = progress.hasTriedStart === true;
  const startIt = (): Promise<Result<DomainFacts>> =>
    runSteps(domain, steps.filter(isStart), override, options);
  const mayGoOff = progress.destroyed !== undefined && mayComeLate(progress.destroyed);
  const half = { uuid: uuid.value, isOff, mayGoOff, cause: first, startIt };
  return finishWhenLibvirtAnswers(domain, half, options);
}

function noting(domain: DomainConnection, progress: Progress, notes: OwedStartNotes): DomainConnection {
  const observed = observingRuns(domain, (verb, ran) => {
    if (verb === 'start') progress.hasTriedStart = true;
    if (verb === 'destroy') progress.destroyed = ran;
  });
  return {
    ...observed,
    run: (verb, ...args) => {
      if (verb === 'destroy') notes.noteDestroy();
      return observed.run(verb, ...args);
    },
    readState: async () => {
      const read = await domain.readState();
      progress.readAfter = read;
      return read;
    },
  };
}

/** Whether nothing is owed: the domain is as it was, or a power off has called the change off. */
function isUntouched(failure: DomainFailure, { destroyed, hasTriedStart, readAfter }: Progress): boolean {
  if (failure.kind === 'calledOff') return true;
  if (hasTriedStart === true) return false;
  if (destroyed === undefined) return true;
  if (mayComeLate(destroyed)) return false;
  // libvirt's refusal is the end of it where no state was read.
  if (readAfter === undefined) return !destroyed.ok;
  return readAfter.ok && !meets('off', readAfter.value);
}

/**
 * Whether libvirt may still carry out a `destroy` that has failed. It takes up to 15 s to end a QEMU, so a domain that is on
 * says nothing.
 */
function mayComeLate(destroyed: VirshResult): boolean {
  if (destroyed.ok || !isOfConnection(destroyed.failure)) return false;
  // What keeps a `destroy` from beginning in time is an older one, which libvirt has not answered.
  return destroyed.notBegun !== true || destroyed.failure.kind === 'deadlineExceeded';
}

interface SecondHalf {
  readonly uuid: string;
  /** Whether the domain is known to have been off. If not, `destroy` may have done nothing. */
  readonly isOff: boolean;
  /** Whether `destroy` may still be carried out. */
  readonly mayGoOff: boolean;
  /** What the first attempt has failed for. */
  readonly cause: Failed;
  readonly startIt: () => Promise<Result<DomainFacts>>;
}

async function finishWhenLibvirtAnswers(
  domain: DomainConnection,
  { uuid, isOff, mayGoOff, cause, startIt }: SecondHalf,
  options: PowerOptions,
): Promise<Result<DomainFacts>> {
  const { owedStarts, unusedOverride, leaving } = options;
  const left = untilAborted(leaving);
  let readsOn = 0;
  let last = cause;
  for (const pauseMs of pausesMs) {
    await Promise.race([options.sleep(pauseMs), left]);
    if (leaving.aborted) break;
    const look = await lookAtOwed(domain, uuid);
    if (!look.ok) {
      if (isOfConnection(look.failure)) continue;
      return fail(look, options);
    }
    if (look.value.is === 'startingUp') continue;
    if (look.value.is === 'on') {
      if (isOff) {
        await owedStarts.end('done');
        return succeeded({ domainState: look.value.domainState });
      }
      readsOn += 1;
      if (readsOn < READS_OF_A_DOMAIN_THAT_STAYS_ON) continue;
      // The domain watch sees it go off.
      if (mayGoOff) await owedStarts.end('left', cause.failure.message, unusedOverride.id);
      else await owedStarts.end('calledOff');
      return cause;
    }
    if (look.value.is === 'overtaken' || owedStarts.isOvertaken) {
      const why =
        look.value.is === 'overtaken' ? look.value.why : 'the domain was started and ended meanwhile';
      await owedStarts.end('overtaken', why);
      return failed(domainFailure('invalidInPresentState', `the domain is off and is not started: ${why}`));
    }
    const started = await startIt();
    if (started.ok) {
      await owedStarts.end('done');
      return started;
    }
    if (!isOfConnection(started.failure)) return fail(started, options);
    last = started;
  }
  const message = `${last.failure.message}; the domain has to be started again when libvirt answers`;
  await owedStarts.end('left', last.failure.message, unusedOverride.id);
  return failed({ kind: last.failure.kind, message });
}

/** Ends with a failure that another attempt would meet again. */
async function fail(failure: Failed, { owedStarts }: PowerOptions): Promise<Failed> {
  const isCalledOff = failure.failure.kind === 'calledOff';
  await owedStarts.end(isCalledOff ? 'calledOff' : 'failed', failure.failure.message);
  return failure;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
