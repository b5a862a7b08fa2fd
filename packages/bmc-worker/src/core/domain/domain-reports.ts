import type { ChassisControl } from '@vbmc/ipmi-codec';
import { SETTLE_MS, type PushedState } from './domain-memory.ts';
import { mayStart } from './last-power-on.ts';
import { isPoweredOn } from './power-state.ts';
import type { BmcDevice } from './bmc-device.ts';
import type { DomainAction, DomainEvent, DomainFacts } from '../terms/domain-action.ts';

/** What the domain watch reports, with the event behind it if it saw one. */
export interface DomainReport extends PushedState {
  readonly event?: DomainEvent;
}

/** What the BMC does of its own accord after something has happened to the domain. */
export type FollowUp = Extract<DomainAction, { readonly kind: 'recoverBootOverride' | 'followGuestReboot' }>;

/** The cause of a follow-up, as its event names it. */
const DOMAIN_WATCH = 'domain watch';
/** The cause of the check that is due because the boot override is unknown. */
export const FIRST_CHECK = 'first check';
/** The cause of the check that is due because another program may have written the definition. */
export const DEFINITION_CHANGED = 'definition changed';
/** The cause of the end of boot flags that no boot has used in time. */
export const BOOT_OVERRIDE_EXPIRED = 'boot override expired';

/** Whether a follow-up only looks at the definition, after no event of the domain. */
export function isCheck(cause: string | undefined): boolean {
  return cause === FIRST_CHECK || cause === DEFINITION_CHANGED;
}

export function isFollowUp({ kind }: DomainAction): boolean {
  return kind === 'recoverBootOverride' || kind === 'followGuestReboot';
}

/** Most follow-ups find nothing to do. */
export function didSomething({ domainState, bootOverrideConsumed }: DomainFacts): boolean {
  return domainState !== undefined || bootOverrideConsumed === true;
}

/** The chassis control under way, if it may start the domain. */
export function startingControl(action: DomainAction | undefined): ChassisControl | undefined {
  if (action?.kind === 'finishStart') return 'powerCycle';
  if (action?.kind !== 'chassisControl') return undefined;
  return mayStart(action.chassisControl) ? action.chassisControl : undefined;
}

/** Whether it may reset the domain: libvirt reports that as it reports a guest's reboot. */
function mayReset(action: DomainAction): boolean {
  return (
    action.kind === 'followGuestReboot' ||
    (action.kind === 'chassisControl' && action.chassisControl === 'hardReset')
  );
}

/** Whether reports that arrive while it is under way are most likely about this action itself. */
function changesPower({ kind }: DomainAction): boolean {
  return kind === 'chassisControl' || kind === 'finishStart' || kind === 'followGuestReboot';
}

/** How long a guest is in its firmware for certain, in milliseconds: a second reset then does no harm. */
const FIRMWARE_MS = 2_000;

/**
 * How long after a reset by this BMC firmware may still reset the machine itself, in milliseconds. SeaBIOS does so once or twice;
 * libvirt reports it some 0.2 s after the first report on an idle host, and seconds after it on a busy one.
 */
const FIRMWARE_RESETS_MS = 10_000;

/** Takes the reports of the domain watch, and keeps the follow-ups until no change is under way. */
export class DomainReports {
  readonly #device: BmcDevice;
  /** Follow-ups that are due, each with its cause. */
  readonly #pending = new Map<FollowUp['kind'], string>();
  #rebootedAt = -Infinity;

  constructor(device: BmcDevice) {
    this.#device = device;
  }

  /** `change`: the change of the domain that is under way. */
  take(report: DomainReport, change: DomainAction | undefined, now: number): void {
    const { domainState: state, event } = report;
    const device = this.#device;
    const wasOn = device.domain.lastKnownOn;
    const hasCrashed = state === 'crashed' && device.domain.lastPushed !== 'crashed';
    if (!device.domain.isWatched(now)) device.lastPowerOn.beginReports(now);
    if (!device.domain.push(report, now)) return;
    device.powerControlFault.see(isPoweredOn[state]);
    if (event === 'rebooted') {
      this.#takeReboot(change, now);
      return;
    }
    // libvirt answers again.
    if (device.bootOrderIsStale) this.#pending.set('recoverBootOverride', DOMAIN_WATCH);
    const control = startingControl(change);
    // Late, perhaps, while the BMC does something else already.
    const isOwn = control !== undefined || device.domain.hasJustComeOn(now);
    const cameOn = event === 'started' || (wasOn === false && isPoweredOn[state] && state !== 'inShutdown');
    if (change === undefined || !changesPower(change)) {
      const wentOff = wasOn === true && !isPoweredOn[state];
      device.news.takeReport(wentOff || hasCrashed || (cameOn && !isOwn), now);
    }
    if (!cameOn) return;
    device.lastPowerOn.report(control, now);
    // A start by this BMC clears the override itself. A start just after that may be another client's, with an override set
    // in between; one check too many does no harm.
    if (control === undefined && this.#mayHaveUsedOverride())
      this.#pending.set('recoverBootOverride', DOMAIN_WATCH);
  }

  /** Nothing is known about the boot override: check it. */
  checkBootOverride(cause: string): void {
    if (!this.#pending.has('recoverBootOverride')) this.#pending.set('recoverBootOverride', cause);
  }

  /** The next follow-up, handed out once. To be called when no change is under way. */
  nextFollowUp(now: number): { readonly action: FollowUp; readonly cause: string } | undefined {
    const [next] = this.#pending;
    if (next === undefined) return undefined;
    const [kind, cause] = next;
    this.#pending.delete(kind);
    const isRecent = now - this.#rebootedAt < FIRMWARE_MS;
    return { action: kind === 'followGuestReboot' ? { kind, isRecent } : { kind }, cause };
  }

  #takeReboot(change: DomainAction | undefined, now: number): void {
    // A reset by this BMC needs no follow-up: it has checked the boot order itself.
    const device = this.#device;
    if (change !== undefined && mayReset(change)) {
      device.resetIsReported = true;
      return;
    }
    if (now - device.unreportedResetAt < SETTLE_MS) {
      device.unreportedResetAt = -Infinity;
      return;
    }
    if (now - device.resetAt >= FIRMWARE_RESETS_MS) device.news.add();
    this.#pending.set('followGuestReboot', DOMAIN_WATCH);
    this.#rebootedAt = now;
  }

  #mayHaveUsedOverride(): boolean {
    const { bootFlagsAreKnown, bootOptions } = this.#device;
    return !bootFlagsAreKnown || (bootOptions.flags.valid && !bootOptions.flags.persistent);
  }
}
