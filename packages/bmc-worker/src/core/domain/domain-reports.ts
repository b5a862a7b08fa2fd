import type { ChassisControl } from '@vbmc/ipmi-codec';
import { SETTLE_MS } from './domain-memory.ts';
import { isPoweredOn } from './power-state.ts';
import type { BmcDevice } from './bmc-device.ts';
import type { DomainAction, DomainEvent, DomainFacts, DomainState } from '../terms/domain-action.ts';

/** What the BMC does on its own account after something happened to the domain. */
export type FollowUp = Extract<DomainAction, { readonly kind: 'recoverBootOverride' | 'followGuestReboot' }>;

/** Why it does so: after news of the domain, or because it has just begun to look at it. */
const WATCH_TOLD = 'domain watch';
export const FIRST_LOOK = 'first look';

export function isFollowUp({ kind }: DomainAction): boolean {
  return kind === 'recoverBootOverride' || kind === 'followGuestReboot';
}

/** Most follow-ups find nothing to do. */
export function didSomething({ domainState, bootOverrideConsumed }: DomainFacts): boolean {
  return domainState !== undefined || bootOverrideConsumed === true;
}

const starting: ReadonlySet<ChassisControl> = new Set(['powerUp', 'powerCycle', 'hardReset']);

/** Whether an action of ours may start the domain. */
function mayStart(action: DomainAction): boolean {
  return (
    action.kind === 'followGuestReboot' ||
    (action.kind === 'chassisControl' && starting.has(action.chassisControl))
  );
}

/** Whether it may reset it, which libvirt reports in the same words as a guest's reboot. */
function mayReset(action: DomainAction): boolean {
  return (
    action.kind === 'followGuestReboot' ||
    (action.kind === 'chassisControl' && action.chassisControl === 'hardReset')
  );
}

/** What the domain watch tells, and what follows from it. Follow-ups wait until no change is under way. */
export class DomainNews {
  readonly #device: BmcDevice;
  /** With why, for the event. */
  readonly #pending = new Map<FollowUp['kind'], string>();

  constructor(device: BmcDevice) {
    this.#device = device;
  }

  /** `change`: the change of the domain that is under way. */
  take(
    state: DomainState,
    event: DomainEvent | undefined,
    change: DomainAction | undefined,
    now: number,
  ): void {
    const device = this.#device;
    const wasOn = device.domain.lastKnownOn;
    device.domain.push(state, now);
    if (event === 'rebooted') {
      // Of our own reset there is nothing to follow: it looked at the boot order itself.
      const hasJustReset = now - device.lastResetAt < SETTLE_MS;
      const isOwnReset = hasJustReset || (change !== undefined && mayReset(change));
      if (!isOwnReset) this.#pending.set('followGuestReboot', WATCH_TOLD);
      return;
    }
    const isOwn = change === undefined ? device.domain.hasJustComeOn(now) : mayStart(change);
    const cameOn = event === 'started' || (wasOn === false && isPoweredOn[state]);
    if (!cameOn) return;
    if (event === 'started') device.bootOrderIsStale = false;
    // A restart on behalf of a guest that reboots is not a power-on.
    if (change?.kind !== 'followGuestReboot') device.lastPowerOnByCommand = isOwn;
    // A start of our own takes the override back itself. One just after it may be somebody else's, with an override set in
    // between; looking once too often does no harm.
    const sawToOverride = change !== undefined && mayStart(change);
    if (!sawToOverride && this.#mayHaveUsedOverride()) this.#pending.set('recoverBootOverride', WATCH_TOLD);
  }

  /** Nobody knows what happened to the override so far. */
  lookAtBootOverride(): void {
    if (!this.#pending.has('recoverBootOverride')) this.#pending.set('recoverBootOverride', FIRST_LOOK);
  }

  /** The next thing to do, once; to be asked when no change is under way. */
  nextFollowUp(): { readonly action: FollowUp; readonly cause: string } | undefined {
    const [next] = this.#pending;
    if (next === undefined) return undefined;
    const [kind, cause] = next;
    this.#pending.delete(kind);
    const isStale = this.#device.bootOrderIsStale;
    return { action: kind === 'followGuestReboot' ? { kind, isStale } : { kind }, cause };
  }

  #mayHaveUsedOverride(): boolean {
    const { bootFlagsAreKnown, bootOptions } = this.#device;
    return !bootFlagsAreKnown || (bootOptions.flags.valid && !bootOptions.flags.persistent);
  }
}
