/** The libvirt side's front door: a `DomainAction` in, a `DomainActionOutcome` out. */
import type {
  DomainAction,
  DomainActionOutcome,
  DomainFacts,
  DomainFailure,
} from '../core/terms/domain-action.ts';
import { readBootFlags, recoverBootOverride, setBootFlags, settleBootOverride } from './boot-actions.ts';
import type { SoftShutdownMode } from './chassis-control.ts';
import { connectDomain, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { performChassisControl, type PowerOptions } from './power-actions.ts';
import type { Virsh } from './virsh.ts';

/** What libvirt carries out. */
export type LibvirtAction = Exclude<DomainAction, { readonly kind: 'storePowerRestorePolicy' }>;

export interface DomainActionOptions {
  readonly virsh: Virsh;
  readonly domainName: string;
  /** Default `acpi`. */
  readonly softShutdownMode?: SoftShutdownMode;
  /** Off time of a power cycle, in milliseconds. Default 1,000, which is also the least. */
  readonly powerCycleIntervalMs?: number;
  /** Waits some milliseconds; tests pass their own. */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /**
   * Told what went wrong beside an action that succeeded: a one-shot boot override that was used up and
   * could not be taken back yet. The next action or `recoverBootOverride` tries again.
   */
  readonly onSideFailure?: (failure: DomainFailure) => void;
}

export interface DomainActions {
  /**
   * Carries out one action. Never rejects for what libvirt, `virsh` or the domain do wrong. What changes
   * the domain (recovery and guest reboots included) waits for the change before it; reads do not.
   *
   * @param signal - kills the `virsh` under way; what had been done by then stays done.
   */
  readonly perform: (action: LibvirtAction, signal?: AbortSignal) => Promise<DomainActionOutcome>;
}

/** Not `node:timers/promises`: a module more for each worker to load at its start. */
async function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

const LEAST_INTERVAL_MS = 1_000;

/** Makes the functions that carry out a BMC's domain actions. */
export function createDomainActions(options: DomainActionOptions): DomainActions {
  const { virsh, domainName } = options;
  const power: PowerOptions = {
    softShutdownMode: options.softShutdownMode ?? 'acpi',
    powerCycleIntervalMs: Math.max(LEAST_INTERVAL_MS, options.powerCycleIntervalMs ?? 0),
    sleep: options.sleep ?? delay,
    onSideFailure: options.onSideFailure ?? (() => undefined),
  };
  const withDomain = async (
    signal: AbortSignal | undefined,
    act: (domain: DomainConnection) => Promise<Result<DomainFacts>>,
  ): Promise<DomainActionOutcome> => {
    const connected = await connectDomain(virsh, domainName, signal);
    const result = connected.ok ? await act(connected.value) : connected;
    return result.ok ? { ok: true, facts: result.value } : result;
  };

  // A recovery beside a power up would take back the override that the power up is about to use.
  let lastChange: Promise<unknown> = Promise.resolve();
  const afterOtherChanges = (...change: Parameters<typeof withDomain>): Promise<DomainActionOutcome> => {
    const outcome = lastChange.then(() => withDomain(...change));
    lastChange = outcome.catch(() => undefined);
    return outcome;
  };

  const perform: DomainActions['perform'] = (action, signal) =>
    (isRead(action) ? withDomain : afterOtherChanges)(signal, (domain) =>
      performAction(domain, action, power),
    );
  return { perform };
}

function isRead({ kind }: LibvirtAction): boolean {
  return kind === 'readDomainState' || kind === 'readUuid' || kind === 'readBootFlags';
}

/**
 * For libvirt's `reboot` event, which tells that the guest has reset itself: QEMU comes up with the order that its
 * process was started with, so where the definition has another one by now (a one-shot was used up, or
 * an override was set since), the process is ended and a new one started, which uses up a one-shot.
 */
async function followGuestReboot(
  domain: DomainConnection,
  power: PowerOptions,
  isStale: boolean,
): Promise<Result<DomainFacts>> {
  if (isStale && (await domain.run('destroy')).ok) return performChassisControl(domain, 'powerUp', power);
  // At once and beside each other: the guest is on its way to the wrong boot device.
  const [state, settled] = await Promise.all([domain.readState(), settleBootOverride(domain)]);
  if (!state.ok) return state;
  if (!settled.ok) return settled;
  const consumed: DomainFacts = settled.value.takenBack ? { bootOverrideConsumed: true } : {};
  if (!settled.value.bootOrderPending) return succeeded(consumed);
  const known = { state: state.value, boot: settled.value };
  const restarted = await performChassisControl(domain, 'hardReset', power, known);
  return restarted.ok ? succeeded({ ...consumed, ...restarted.value }) : restarted;
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
    case 'chassisControl':
      return performChassisControl(domain, action.chassisControl, power);
    case 'setBootFlags': {
      const set = await setBootFlags(domain, action.bootFlags);
      return set.ok ? succeeded({}) : set;
    }
    case 'readBootFlags': {
      const read = await readBootFlags(domain);
      if (!read.ok) return read;
      return succeeded(read.value === undefined ? {} : { bootFlags: read.value });
    }
    case 'recoverBootOverride':
      return recoverBootOverride(domain);
    case 'followGuestReboot':
      return followGuestReboot(domain, power, action.isStale);
  }
}
