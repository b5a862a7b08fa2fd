/** Runs the steps of a plan on a real domain. A step has succeeded only if the state read back shows it. */
import type {
  ChangeOrigin,
  DomainFacts,
  DomainFailure,
  DomainFailureKind,
  DomainState,
} from '../core/terms/domain-action.ts';
import { announceReset, announceStart, concludeReset, concludeStart } from './boot-use.ts';
import {
  meets,
  MIGRATED_AWAY,
  shutdownModeArgument,
  type Expectation,
  type PowerStep,
  type SoftShutdownMode,
} from './chassis-control.ts';
import { failed, observingRuns, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { parseOffReason } from './domain-state.ts';
import type { FoundOverride, OverrideSummary } from './override-summary.ts';
import type { OwedStartNotes } from './owed-start-notes.ts';
import { domainStateText } from './state-reasons.ts';
import type { UnusedOverride } from './unused-override.ts';
import { domainFailure } from './virsh-error.ts';
import type { VirshResult } from './virsh.ts';

export interface PowerOptions {
  readonly softShutdownMode: SoftShutdownMode;
  /** Off time of a power cycle, in milliseconds; 1,000 at least. */
  readonly powerCycleIntervalMs: number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Called with a failure that does not make the action fail. */
  readonly onSideFailure: (failure: DomainFailure) => void;
  /** Who asked for the action. */
  readonly origin: ChangeOrigin;
  readonly owedStarts: OwedStartNotes;
  readonly unusedOverride: UnusedOverride;
  /** Aborted when this process is about to end: it waits for libvirt no longer. */
  readonly leaving: AbortSignal;
}

/** Pauses between reads of a state that lags behind, in milliseconds: some 3 s in all. */
const readBackPausesMs: readonly number[] = [25, 50, 100, 200, 400, 800, 1_600];

/** Failures after which the state is read: the step may have succeeded regardless. */
const doubtful: ReadonlySet<DomainFailureKind> = new Set([
  'invalidInPresentState',
  'deadlineExceeded',
  'virshInterrupted',
  'virshFailed',
]);

/** Reads the state until it is the expected one, or `isFinal`, or does not come. */
async function readUntil(
  domain: DomainConnection,
  expectation: Expectation,
  sleep: PowerOptions['sleep'],
  isFinal: (state: DomainState) => boolean = () => false,
): Promise<Result<DomainState>> {
  for (const pauseMs of [...readBackPausesMs, undefined]) {
    const read = await domain.readState();
    if (!read.ok) {
      // A transient domain no longer exists when it is off.
      const gone = read.failure.kind === 'domainNotFound' && expectation === 'off';
      return gone ? succeeded('shutOff') : read;
    }
    if (meets(expectation, read.value) || isFinal(read.value) || pauseMs === undefined) return read;
    await sleep(pauseMs);
  }
  throw new Error('the last pause is undefined and returns');
}

async function askToShutDown(domain: DomainConnection, options: PowerOptions): Promise<VirshResult> {
  const mode = options.softShutdownMode;
  const asked = await domain.run('shutdown', '--mode', shutdownModeArgument[mode]);
  // Drivers with a single way to shut down (libvirt's test driver, for one) accept no mode.
  const takesNone = !asked.ok && /unsupported flags/i.test(asked.stderr) && mode !== 'agent';
  return takesNone ? domain.run('shutdown') : asked;
}

/** States after a start that do not become another by waiting. */
const lastingAfterStart: ReadonlySet<DomainState> = new Set(['shutOff', 'crashed', 'paused', 'migrating']);

function isRefusal(ran: VirshResult): boolean {
  return !ran.ok && ran.failure.kind !== 'deadlineExceeded';
}

/** A domain that is off can be started: libvirt's "operation is not valid" is about something else, such as its network. */
function whyNotStarted(failure: DomainFailure, state: DomainState): DomainFailure {
  const isAboutSomethingElse = failure.kind === 'invalidInPresentState' && meets('off', state);
  return isAboutSomethingElse ? { kind: 'virshFailed', message: failure.message } : failure;
}

/**
 * The state after a start that libvirt has carried out: the domain executes, or its guest has ended it since. A guest that panics or
 * switches the machine off at once does not undo the power on. Undefined if the state does not tell.
 */
async function readStarted(
  domain: DomainConnection,
  sleep: PowerOptions['sleep'],
): Promise<Result<DomainState> | undefined> {
  const read = await readUntil(domain, 'executing', sleep, (state) => lastingAfterStart.has(state));
  if (!read.ok || meets('executing', read.value) || read.value === 'crashed') return read;
  if (read.value === 'paused' || read.value === 'migrating') {
    // Its memory was saved while it was paused; libvirt calls that `paused (migrating)`. Power up resumes a paused machine.
    if (!(await domain.run('resume')).ok) return undefined;
    const resumed = await readUntil(domain, 'executing', sleep);
    return resumed.ok && meets('executing', resumed.value) ? resumed : undefined;
  }
  if (read.value !== 'shutOff') return undefined;
  const printed = await domain.run('domstate', '--reason');
  return printed.ok && parseOffReason(printed.stdout) === 'shutdown' ? read : undefined;
}

/** Runs one step. The value is the state read back, if the step expects one. */
async function perform(
  domain: DomainConnection,
  step: PowerStep,
  options: PowerOptions,
  args: readonly string[],
): Promise<Result<DomainState | undefined>> {
  if (step.do === 'interval') {
    await options.sleep(options.powerCycleIntervalMs);
    return succeeded(undefined);
  }
  if (step.do === 'await') {
    const read = await readUntil(domain, step.expect, options.sleep);
    if (!read.ok || meets(step.expect, read.value)) return read;
    // A start by another program may still come through.
    const kind = read.value === 'startingUp' ? 'deadlineExceeded' : 'notAchieved';
    return failed(domainFailure(kind, `the domain stays ${domainStateText(read.value)}`));
  }
  const ran =
    step.verb === 'shutdown' ? await askToShutDown(domain, options) : await domain.run(step.verb, ...args);
  if (step.expect === undefined) return ran.ok ? succeeded(undefined) : failed(ran.failure);
  if (!ran.ok && !(step.provenByState === true && doubtful.has(ran.failure.kind))) return failed(ran.failure);

  if (ran.ok && isStart(step)) {
    const atOnce = await readStarted(domain, options.sleep);
    if (atOnce !== undefined) return atOnce;
  }
  // A start that libvirt has refused does not come about later.
  const isFinal = (state: DomainState): boolean => isRefusal(ran) && !meets('poweredOn', state);
  const read = await readUntil(domain, step.expect, options.sleep, isFinal);
  if (!read.ok) return ran.ok ? read : failed(ran.failure);
  if (meets(step.expect, read.value)) return read;
  if (read.value === 'migratedAway') return failed(domainFailure('invalidInPresentState', MIGRATED_AWAY));
  if (!ran.ok) return failed(step.verb === 'start' ? whyNotStarted(ran.failure, read.value) : ran.failure);
  const what = `virsh ${step.verb} reported success, and the domain is ${domainStateText(read.value)}`;
  return failed(domainFailure('notAchieved', what));
}

export function isStart(step: PowerStep): boolean {
  return step.do === 'virsh' && step.verb === 'start';
}

export function isReset(step: PowerStep): boolean {
  return step.do === 'virsh' && step.verb === 'reset';
}

/** Firmware heeds a boot device where a managed save image would be resumed: libvirt then removes the image. */
function startOptions(override: FoundOverride): readonly string[] {
  return typeof override === 'string' ? [] : ['--force-boot'];
}

interface Performed {
  /** The state read back, if the step expects one. */
  readonly state: DomainState | undefined;
  readonly facts: DomainFacts;
}

/** Runs a `start`, and takes back a one-shot override that it has used up. */
async function performStart(
  domain: DomainConnection,
  step: PowerStep,
  override: FoundOverride,
  options: PowerOptions,
): Promise<Result<Performed>> {
  const { onSideFailure, unusedOverride } = options;
  const announced = await announceStart(domain, override);
  // The start goes ahead: the running domain's own metadata still shows which override it was started with.
  if (!announced.ok) onSideFailure(announced.failure);
  let hasBegun = false;
  const observed = observingRuns(domain, (verb, ran) => {
    if (verb === 'start') hasBegun ||= ran.ok || ran.notBegun !== true;
  });
  const done = await perform(observed, step, options, startOptions(override));
  const concluded = await concludeStart(domain, override, onSideFailure);
  unusedOverride.noteStart(override, { hasBegun, isConcluded: concluded.ok });
  if (!concluded.ok) onSideFailure(concluded.failure);
  const facts = concluded.ok ? concluded.value : { bootOrderIsStale: true as const };
  return done.ok ? succeeded({ state: done.value, facts: { hasStarted: true, ...facts } }) : done;
}

async function performStep(
  domain: DomainConnection,
  step: PowerStep,
  override: FoundOverride,
  options: PowerOptions,
): Promise<Result<Performed>> {
  if (isStart(step)) return performStart(domain, step, override, options);
  const done = await perform(domain, step, options, []);
  return done.ok ? succeeded({ state: done.value, facts: {} }) : done;
}

/** Runs the steps up to the first that fails. A start or a reset uses up `override` if that is a one-shot. */
export async function runSteps(
  domain: DomainConnection,
  steps: readonly PowerStep[],
  override: FoundOverride,
  options: PowerOptions,
): Promise<Result<DomainFacts>> {
  let domainState: DomainState | undefined;
  let facts: DomainFacts = {};
  let used: OverrideSummary | undefined;
  let failure: DomainFailure | undefined;
  let hasReset = false;
  for (const step of steps) {
    if (isReset(step)) used = await announceReset(domain, override, options.onSideFailure);
    const done = await performStep(domain, step, override, options);
    if (!done.ok) {
      ({ failure } = done);
      break;
    }
    hasReset ||= isReset(step);
    domainState = done.value.state;
    facts = { ...facts, ...done.value.facts };
  }
  if (used !== undefined) {
    // After the last step: a machine that is reset while it is paused takes its boot order when it is resumed.
    const concluded = await concludeReset(domain, used, hasReset, options.onSideFailure);
    if (!concluded.ok) options.onSideFailure(concluded.failure);
    facts = { ...facts, ...(concluded.ok ? concluded.value : { bootOrderIsStale: true }) };
  }
  if (failure !== undefined) return failed(failure);
  if (domainState === undefined) {
    const after = await domain.readState();
    if (after.ok) domainState = after.value;
  }
  return succeeded(domainState === undefined ? facts : { ...facts, domainState });
}
