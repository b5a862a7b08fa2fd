/**
 * What the core asks of libvirt and what comes back: the only words that the IPMI side and the
 * libvirt side share. The core emits a `DomainAction` as an effect; `libvirt/` carries it out and
 * hands a `DomainActionOutcome` back as an input.
 */
import type { BootFlags, ChassisControl, PowerRestorePolicy } from '@vbmc/ipmi-codec';

/** libvirt's `virsh domstate` values (libvirt: virDomainState), in camelCase. */
export type DomainState =
  'noState' | 'running' | 'idle' | 'paused' | 'inShutdown' | 'shutOff' | 'crashed' | 'pmsuspended';

/** What the domain watch tells beside the state: the domain was started, by whomever; the machine was reset. */
export type DomainEvent = 'started' | 'rebooted';

export type DomainAction =
  /** Asks for the state only; may run beside any other action. */
  | { readonly kind: 'readDomainState' }
  /** Asks for the domain's UUID, which is the BMC's System GUID. */
  | { readonly kind: 'readUuid' }
  /** Changes the power state; succeeds only after the state was read back and is what was asked for. */
  | { readonly kind: 'chassisControl'; readonly chassisControl: ChassisControl }
  /** Makes the inactive definition boot as `bootFlags` say, or restores it (device `noOverride`, or not valid). */
  | { readonly kind: 'setBootFlags'; readonly bootFlags: BootFlags }
  /** Asks which boot flags are in force according to the domain's own metadata: not those that a boot has used up. */
  | { readonly kind: 'readBootFlags' }
  /**
   * Takes back a one-shot boot override that a start has used up, made by somebody else or by a worker that died in the
   * middle of it; leaves one that is armed. Tells which boot flags are in force then.
   */
  | { readonly kind: 'recoverBootOverride' }
  /**
   * After the guest has reset itself: restarts the process if it has another boot order than the definition.
   * `isStale`: we know that it has, so there is no time to lose.
   */
  | { readonly kind: 'followGuestReboot'; readonly isStale: boolean }
  /** Keeps the policy where it outlives this process. The only action that the supervisor carries out. */
  | { readonly kind: 'storePowerRestorePolicy'; readonly policy: PowerRestorePolicy };

export type DomainActionKind = DomainAction['kind'];

/** Why libvirt did not do what was asked. One table maps each kind to a completion code (domain-failure.ts). */
export type DomainFailureKind =
  /** libvirt knows no domain of that name. */
  | 'domainNotFound'
  /** The connection URI does not answer: daemon not running, host away, socket missing. */
  | 'hypervisorUnreachable'
  /** libvirt, polkit or SASL refused this user. */
  | 'permissionDenied'
  /** `virsh` ran past its deadline and was killed. */
  | 'deadlineExceeded'
  /** The action makes no sense in the domain's present state (a reset of a domain that is off). */
  | 'invalidInPresentState'
  /** The action makes no sense because the guest has crashed: only a power or reset command gets it going again. */
  | 'domainCrashed'
  /** `virsh` reported success, and yet the state read back is not what was asked for. */
  | 'notAchieved'
  /** The domain's definition cannot express the boot device, or the domain has no inactive definition. */
  | 'notExpressible'
  /** There is no `virsh` program. */
  | 'virshMissing'
  /** `virsh` failed in a way not listed above, died by a signal, or printed what nobody can read. */
  | 'virshFailed';

export interface DomainFailure {
  readonly kind: DomainFailureKind;
  /** For the log: what happened and, where there is one, the remedy. Never holds a secret. */
  readonly message: string;
}

/** What a successful action found out; which field is present follows from the action's kind. */
export interface DomainFacts {
  /** Present for `readDomainState` and for whatever changed the power state: the state read last. */
  readonly domainState?: DomainState;
  /** Present for `readUuid`: canonical text, `8-4-4-4-12` lower-case hex digits. */
  readonly uuid?: string;
  /** Present for `readBootFlags` and `recoverBootOverride` when an override is in force. */
  readonly bootFlags?: BootFlags;
  /** Present when a one-shot override was used up and taken back. */
  readonly bootOverrideConsumed?: true;
}

export type DomainActionOutcome =
  | { readonly ok: true; readonly facts: DomainFacts }
  | { readonly ok: false; readonly failure: DomainFailure };
