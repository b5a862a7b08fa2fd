/**
 * What the core asks of libvirt and what comes back. The core emits a `DomainAction` as an effect; `libvirt/` carries
 * it out and hands a `DomainActionOutcome` back as an input. libvirt's own vocabulary stays in `libvirt/`.
 */
import type { BootFlags, ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainInventory } from './domain-inventory.ts';

/**
 * libvirt's `virsh domstate` values in camelCase, and below them those that libvirt's reason makes another state for a BMC.
 * libvirt/state-reasons.ts has all states and reasons.
 */
export const domainStates = [
  'noState',
  'running',
  'idle',
  'paused',
  'inShutdown',
  'shutOff',
  'crashed',
  'pmsuspended',
  /** `shut off (migrated)`: it most likely runs on another host, with the same disks. */
  'migratedAway',
  /** `paused (starting up)`: libvirt has begun a start, which may still fail. */
  'startingUp',
  /** `paused (I/O error)`: a disk is full or away. */
  'ioError',
  /** Paused while libvirt saves it, dumps it or takes a snapshot; libvirt lets it go on by itself. */
  'heldForJob',
  /** Paused while it goes to another host or comes from there: one of the two copies must not run. */
  'migrating',
] as const;
export type DomainState = (typeof domainStates)[number];

/** What the domain watch reports with a state: the domain was started (by anyone); the machine was reset. */
export type DomainEvent = 'started' | 'rebooted';

/**
 * What to do with the domain when the host comes up (v2.0§28.8). The codec's `unknown` is no policy that one can store.
 */
export const powerRestorePolicies = ['alwaysOff', 'previousState', 'alwaysOn'] as const;
export type PowerRestorePolicy = (typeof powerRestorePolicies)[number];

/** Who asked for a change, for the log: what it was, by which user, from where. */
export interface ChangeOrigin {
  /** In an operator's terms: `power cycle`. */
  readonly description: string;
  /** Empty when no user asked for it; `source` then names the cause. */
  readonly user: string;
  readonly source: string;
}

/** A start that a BMC owes: it has switched its domain off, or is about to, only to start it again. */
export interface OwedStart extends ChangeOrigin {
  /** Of the domain: `8-4-4-4-12` lower-case hex digits. */
  readonly uuid: string;
}

/** What became of a start that was owed. */
export const owedStartEnds = [
  /** The domain runs. */
  'done',
  /** It is not wanted any more: a power off came in between, or the domain has not been switched off at all. */
  'calledOff',
  /** Another program has done something with the domain meanwhile. */
  'overtaken',
  /** libvirt refuses the start. */
  'failed',
  /** libvirt does not answer. The start stays owed, and this worker does not try again by itself. */
  'left',
] as const;
export type OwedStartEnd = (typeof owedStartEnds)[number];

export type DomainAction =
  /** Reads the state only; may run at the same time as any other action. */
  | { readonly kind: 'readDomainState' }
  /** Reads the domain's UUID, which is the BMC's System GUID. */
  | { readonly kind: 'readUuid' }
  /** Reads what the inactive definition says of the virtual hardware. */
  | { readonly kind: 'readInventory' }
  /** Changes the power state; succeeds only after the state was read back and is what was asked for. */
  | { readonly kind: 'chassisControl'; readonly chassisControl: ChassisControl }
  /** Makes the inactive definition boot as `bootFlags` say, or restores it (device `noOverride`, or not valid). */
  | { readonly kind: 'setBootFlags'; readonly bootFlags: BootFlags }
  /** Reads the effective boot flags from the domain's own metadata; flags that a boot has used up are left out. */
  | { readonly kind: 'readBootFlags' }
  /**
   * Removes a one-shot boot override that a start has used up, when someone else started the domain or a worker died
   * during the start; keeps one that is still to be used. Returns the boot flags that are then effective.
   */
  | { readonly kind: 'recoverBootOverride' }
  /**
   * After the guest has reset itself: removes a one-shot boot override that this has used up.
   * `isRecent`: it has just happened, so that the guest is still in its firmware.
   */
  | { readonly kind: 'followGuestReboot'; readonly isRecent: boolean }
  /** Starts a domain that an earlier change has switched off and not started again, if that start is still wanted. */
  | { readonly kind: 'finishStart'; readonly start: OwedStart }
  /** Stores the policy so that it outlives this process. The only action that the supervisor carries out. */
  | { readonly kind: 'storePowerRestorePolicy'; readonly policy: PowerRestorePolicy };

export function isPowerOff(action: DomainAction): boolean {
  return action.kind === 'chassisControl' && action.chassisControl === 'powerDown';
}

export type DomainActionKind = DomainAction['kind'];

/** For events: the compiler refuses to report an action that is missing here. */
export const domainActionKinds = [
  'readDomainState',
  'readUuid',
  'readInventory',
  'chassisControl',
  'setBootFlags',
  'readBootFlags',
  'recoverBootOverride',
  'followGuestReboot',
  'finishStart',
  'storePowerRestorePolicy',
] as const satisfies readonly DomainActionKind[];

/** Why libvirt did not do what was asked. One table maps each kind to a completion code (domain-failure.ts). */
export const domainFailureKinds = [
  /** libvirt knows no domain of that name. */
  'domainNotFound',
  /** The connection URI does not answer: daemon not running, host unreachable, socket missing. */
  'hypervisorUnreachable',
  /** The same, after a change had begun that would have a second effect if it were repeated. It may have been carried out. */
  'connectionLost',
  /** libvirt, polkit or SASL refused this user. */
  'permissionDenied',
  /** libvirt has not answered in time; it may still do what it was asked for. */
  'deadlineExceeded',
  /** A power off came in while the action was under way. */
  'calledOff',
  /** The action makes no sense in the domain's present state (a reset of a domain that is off). */
  'invalidInPresentState',
  /** The action makes no sense because the guest has crashed; only a power or reset command revives it. */
  'domainCrashed',
  /** `virsh` reported success, but the state read back is not what was asked for. */
  'notAchieved',
  /** The domain is off as asked, and vbmcd has not removed its note of a start that was owed. */
  'noteNotRemoved',
  /** The domain's definition cannot express the boot device, or the domain has no inactive definition. */
  'notExpressible',
  /** There is no `virsh` program. */
  'virshMissing',
  /**
   * `virsh` could not be started (no memory, no process left), or was ended by a signal. libvirt may have got the command or not.
   */
  'virshInterrupted',
  /** `virsh` failed in a way not listed above, or printed something unreadable. */
  'virshFailed',
] as const;
export type DomainFailureKind = (typeof domainFailureKinds)[number];

export interface DomainFailure {
  readonly kind: DomainFailureKind;
  /** For the log: what happened and the remedy, if there is one. Never holds a secret. */
  readonly message: string;
}

/** What a successful action found out. The action's kind decides which fields are present. */
export interface DomainFacts {
  /** The state read last; present for `readDomainState` and for actions that changed the power state. */
  readonly domainState?: DomainState;
  /** Present for `readUuid`: `8-4-4-4-12` lower-case hex digits. */
  readonly uuid?: string;
  /** Present for `readInventory`. */
  readonly inventory?: DomainInventory;
  /** Present for `readBootFlags` and `recoverBootOverride` when an override is set. */
  readonly bootFlags?: BootFlags;
  /** Present for `readBootFlags` when the definition still has a one-shot override that a boot has used up. */
  readonly bootOverrideIsUsedUp?: true;
  /** Present when a one-shot override was used up and removed. */
  readonly bootOverrideConsumed?: true;
  /** Present when this action has started the domain. */
  readonly hasStarted?: true;
  /** How many times this action has written the definition; absent if it has not. */
  readonly definitionsWritten?: number;
  /** Present when the running domain's next reset would not follow its definition, and a later attempt may change that. */
  readonly bootOrderIsStale?: true;
}

export type DomainActionOutcome =
  | { readonly ok: true; readonly facts: DomainFacts }
  | { readonly ok: false; readonly failure: DomainFailure };
