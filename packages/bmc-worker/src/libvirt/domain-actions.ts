/** Carries out each `DomainAction` of the core with virsh, and returns its `DomainActionOutcome`. */
import {
  isPowerOff,
  type ChangeOrigin,
  type DomainAction,
  type DomainActionOutcome,
  type DomainFacts,
  type DomainFailure,
} from '../core/terms/domain-action.ts';
import { readBootFlags, recoverBootOverride, setBootFlags } from './boot-actions.ts';
import type { SoftShutdownMode } from './chassis-control.ts';
import { connectDomain, failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { finishStart } from './finish-start.ts';
import { followGuestReboot } from './guest-reboot.ts';
import { observingPower, tellingLostChange } from './lost-change.ts';
import { hasManagedSave } from './managed-save.ts';
import { noNotes, type OwedStartNotes } from './owed-start-notes.ts';
import { performChassisControl } from './power-actions.ts';
import { powerOff } from './power-off.ts';
import type { PowerOptions } from './power-steps.ts';
import { UnusedOverride } from './unused-override.ts';
import { domainFailure } from './virsh-error.ts';
import type { Virsh } from './virsh.ts';

/** The actions for libvirt; the supervisor carries out the other one. */
export type LibvirtAction = Exclude<DomainAction, { readonly kind: 'storePowerRestorePolicy' }>;

export interface DomainActionOptions {
  readonly virsh: Virsh;
  readonly domainName: string;
  /** The domain's UUID as the domain watch has last reported it, or undefined. */
  readonly knownUuid?: () => string | undefined;
  /** Default `acpi`. */
  readonly softShutdownMode?: SoftShutdownMode;
  /** Off time of a power cycle, in milliseconds. Default 1,000, which is also the least. */
  readonly powerCycleIntervalMs?: number;
  /** Waits some milliseconds; tests pass their own. */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /**
   * Called when an action succeeded and something else failed: a one-shot boot override was used up and
   * could not be cleared yet. The next action or `recoverBootOverride` tries again.
   */
  readonly onSideFailure?: (failure: DomainFailure) => void;
  /** Default: no note is kept. */
  readonly owedStarts?: OwedStartNotes;
  /** What an earlier process has left with its note; see `OwedStartNotes.end`. */
  readonly unusedOverride?: string;
  /** Aborted when this process is about to end: a change that waits for libvirt between its halves then ends. */
  readonly leaving?: AbortSignal;
}

export interface DomainActions {
  /**
   * Carries out one action. Failures of libvirt, `virsh` or the domain are values, never rejections. An action that
   * changes the domain (recovery and guest reboots included) waits for the change before it; reads and a power off do not
   * wait.
   *
   * @param signal - calls the action off: no further step begins, and its call under way fails, except for a `start`. libvirt
   *   may still carry that call out, and earlier steps are not undone.
   * @param origin - who asked for it.
   */
  readonly perform: (
    action: LibvirtAction,
    signal?: AbortSignal,
    origin?: ChangeOrigin,
  ) => Promise<DomainActionOutcome>;
  /**
   * Whether a start would resume an image of the domain's memory; undefined if libvirt does not tell. Callers at the same time share
   * one question: however many ask, a power command waits for one call.
   */
  readonly hasManagedSave: () => Promise<boolean | undefined>;
}

/** Not from `node:timers/promises`: each worker would load one more module at its start. */
async function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

const LEAST_INTERVAL_MS = 1_000;

const nobody: ChangeOrigin = { description: '', user: '', source: '' };

/** Makes the functions that carry out a BMC's domain actions. */
export function createDomainActions(options: DomainActionOptions): DomainActions {
  const { virsh, domainName } = options;
  const { owedStarts = noNotes } = options;
  const unusedOverride = new UnusedOverride(options.unusedOverride);
  const general: Omit<PowerOptions, 'origin'> = {
    softShutdownMode: options.softShutdownMode ?? 'acpi',
    powerCycleIntervalMs: Math.max(LEAST_INTERVAL_MS, options.powerCycleIntervalMs ?? 0),
    sleep: options.sleep ?? delay,
    onSideFailure: options.onSideFailure ?? (() => undefined),
    owedStarts,
    unusedOverride,
    leaving: options.leaving ?? new AbortController().signal,
  };
  const withDomain = async (call: Call, act: Act): Promise<DomainActionOutcome> => {
    const { virsh: observed, hasBegun } = observingPower(virsh);
    return tellingLostChange(call.action, await actOn(observed, call, act), hasBegun());
  };
  const actOn = async (through: Virsh, call: Call, act: Act): Promise<DomainActionOutcome> => {
    const { signal, origin } = call;
    const connected = await connectDomain(through, domainName, signal, options.knownUuid?.());
    if (!connected.ok) {
      if (call.action.kind === 'finishStart')
        await owedStarts.end('left', connected.failure.message, unusedOverride.id);
      return connected;
    }
    const domain = connected.value;
    const result = await act(unusedOverride.seenIn(domain), unlessCalledOff({ ...general, origin }, signal));
    if (!result.ok) return result;
    const { definitionsWritten } = domain;
    return { ok: true, facts: { ...result.value, ...(definitionsWritten > 0 && { definitionsWritten }) } };
  };

  // A recovery at the same time as a power up would clear the override that the power up is about to use.
  let lastChange: Promise<unknown> = Promise.resolve();
  let changesUnderWay = 0;
  const asChange = (begin: (before: Promise<unknown>) => Promise<DomainActionOutcome>) => {
    changesUnderWay += 1;
    const outcome = begin(lastChange);
    lastChange = outcome
      .catch(() => undefined)
      .then(() => {
        changesUnderWay -= 1;
      });
    return outcome;
  };

  const callOffStart = async (accepted: DomainActionOutcome): Promise<DomainActionOutcome> => {
    const kept = owedStarts.mayExist ? await owedStarts.end('calledOff') : undefined;
    return kept === undefined ? accepted : failed(startStaysNoted('softShutdown', kept));
  };

  const perform: DomainActions['perform'] = (action, signal, origin = nobody) => {
    const call = { action, signal, origin };
    const act: Act = (domain, options) => performAction(domain, action, options);
    if (isRead(action)) return withDomain(call, act);
    if (!isPowerOff(action)) {
      return asChange(async (before) => {
        await before;
        const outcome = await withDomain(call, act);
        return outcome.ok && isSoftShutdown(action) ? callOffStart(outcome) : outcome;
      });
    }
    const isAlone = changesUnderWay === 0;
    return asChange(async (before) => {
      // A start that is owed is taken back before the power off is answered: no later process must start the domain.
      const takenBack = owedStarts.mayExist ? owedStarts.end('calledOff') : undefined;
      const off = await withDomain(call, (domain, power) =>
        powerOff(domain, power, isAlone ? undefined : before),
      );
      const kept = await takenBack;
      return off.ok && kept !== undefined ? failed(startStaysNoted('powerDown', kept)) : off;
    });
  };
  const askForManagedSave = async (): Promise<boolean | undefined> => {
    const connected = await connectDomain(virsh, domainName, undefined, options.knownUuid?.());
    const found = connected.ok ? await hasManagedSave(connected.value) : connected;
    return found.ok ? found.value : undefined;
  };
  let managedSave: Promise<boolean | undefined> | undefined;
  return {
    perform,
    hasManagedSave: () => {
      managedSave ??= askForManagedSave().finally(() => (managedSave = undefined));
      return managedSave;
    },
  };
}

/** The destroy waits for no disk. But a success would let a cluster use the disks of a machine that the next vbmcd starts. */
function startStaysNoted(action: 'powerDown' | 'softShutdown', reason: string): DomainFailure {
  const done = action === 'powerDown' ? 'the domain is off' : 'the guest is asked to shut down';
  const why = 'an unfinished power cycle, or the power restore policy';
  return domainFailure(
    'noteNotRemoved',
    `${done}, and a note on disk may still say to start it (${why}): ${reason}`,
  );
}

function isSoftShutdown(action: LibvirtAction): boolean {
  return action.kind === 'chassisControl' && action.chassisControl === 'softShutdown';
}

interface Call {
  readonly action: LibvirtAction;
  readonly signal: AbortSignal | undefined;
  readonly origin: ChangeOrigin;
}

type Act = (domain: DomainConnection, options: PowerOptions) => Promise<Result<DomainFacts>>;

/** Once the action is called off, its pauses end and its failures are nobody's concern. */
function unlessCalledOff(power: PowerOptions, signal: AbortSignal | undefined): PowerOptions {
  if (signal === undefined) return power;
  const calledOff = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  return {
    ...power,
    sleep: (ms) => Promise.race([power.sleep(ms), calledOff]),
    onSideFailure: (failure) => {
      if (!signal.aborted) power.onSideFailure(failure);
    },
  };
}

const reads: ReadonlySet<LibvirtAction['kind']> = new Set([
  'readDomainState',
  'readUuid',
  'readBootFlags',
  'readInventory',
]);

function isRead({ kind }: LibvirtAction): boolean {
  return reads.has(kind);
}

async function performAction(
  domain: DomainConnection,
  action: LibvirtAction,
  power: PowerOptions,
): Promise<Result<DomainFacts>> {
  switch (action.kind) {
    case 'readDomainState': {
      const read = await domain.readState();
      return read.ok ? succeeded({ domainState: read.value }) : read;
    }
    case 'readUuid': {
      const read = await domain.readUuid();
      return read.ok ? succeeded({ uuid: read.value }) : read;
    }
    case 'readInventory': {
      const { readInventory } = await import('./read-inventory.ts');
      return readInventory(domain);
    }
    case 'chassisControl':
      return performChassisControl(domain, action.chassisControl, power);
    case 'setBootFlags':
      return setBootFlags(domain, action.bootFlags, power.onSideFailure);
    case 'readBootFlags':
      return readBootFlags(domain);
    case 'recoverBootOverride':
      return recoverBootOverride(domain, power.onSideFailure);
    case 'finishStart':
      return finishStart(domain, action.start, power);
    case 'followGuestReboot':
      return followGuestReboot(domain, action.isRecent, power.onSideFailure);
  }
}
