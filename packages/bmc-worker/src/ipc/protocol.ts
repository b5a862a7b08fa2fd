/**
 * The messages between supervisor and worker, over Node's IPC channel. Types only: the supervisor
 * validates everything before it sends, so the worker does not validate again.
 */
import type { BmcEvent } from '../core/terms/bmc-event.ts';
import type { CipherSuiteId, PowerRestorePolicy } from '@vbmc/ipmi-codec';
import type { DomainEvent, DomainFailureKind, DomainState } from '../core/terms/domain-action.ts';
import type { LockedOutLogin, LoginPolicy } from '../core/login/login-guard.ts';
import type { SessionDescription } from '../core/session/session-description.ts';

export type {
  BmcEvent,
  CipherSuiteId,
  DomainEvent,
  DomainFailureKind,
  DomainState,
  PowerRestorePolicy,
  SessionDescription,
  LockedOutLogin,
};

export type UserPrivilege = 'callback' | 'user' | 'operator' | 'administrator';

export interface BmcUser {
  /** 1 to 16 bytes. */
  readonly name: string;
  /** 1 to 20 bytes. */
  readonly password: string;
  /** The highest privilege level that this user may ask for. */
  readonly privilege: UserPrivilege;
}

/** `virsh shutdown --mode`; `both`: the agent, and ACPI if that does not answer. */
export type SoftShutdownMode = 'acpi' | 'agent' | 'both';

/** Everything one worker needs. It travels by IPC only: it holds passwords. */
export interface BmcConfiguration {
  /** The BMC's name: its section in the inventory. */
  readonly name: string;
  readonly domainName: string;
  /** IPv4 or IPv6 address to bind; `::` is both families. */
  readonly address: string;
  readonly port: number;
  readonly connectionUri: string;
  /** A file for `LIBVIRT_AUTH_FILE` (mode 0600, written by the supervisor) when the URI needs SASL. */
  readonly libvirtAuthFile?: string;
  readonly users: readonly BmcUser[];
  /** K_g, for two-key logins: 40 hex digits (20 bytes). */
  readonly kg?: string;
  /** The cipher suites that a session may have, in order of preference; at least one. */
  readonly cipherSuites: readonly CipherSuiteId[];
  /** Networks (`192.168.24.0/24`, `fd00::/8`) and addresses that may talk to the BMC; everybody if absent. */
  readonly allow?: readonly string[];
  /** What failed logins lead to; the default of the worker if absent. */
  readonly loginPolicy?: LoginPolicy;
  /** Whether IPMI 1.5 sessions may be opened; not if absent. */
  readonly ipmiV15?: boolean;
  /** No session gets higher, whoever its user is; `administrator` if absent. */
  readonly privilegeLimit?: UserPrivilege;
  /** How a guest is asked to shut down; `acpi` if absent. */
  readonly softShutdownMode?: SoftShutdownMode;
  /** As the supervisor has stored it; `alwaysOff`, which leaves the domain as it is, if absent. */
  readonly powerRestorePolicy?: PowerRestorePolicy;
  /**
   * Whether the worker asks libvirt about its domain as soon as it is ready, because another may have died in the middle of
   * a boot, or because nobody will tell it. Otherwise it waits for `domainState` and `bootOverride`.
   */
  readonly looksAtDomainAtOnce?: boolean;
}

/** How things stand with a BMC's network side, in numbers. */
export interface BmcFigures {
  readonly activeSessions: number;
  /** Logins that have begun. */
  readonly halfOpenSessions: number;
  /** User names that are locked out, each with where from. */
  readonly lockedOutLogins: number;
  /** The following since the worker's start. Datagrams that could not be decoded. */
  readonly malformedDatagrams: number;
  /** Longer than any remote console's: not looked at. */
  readonly oversizedDatagrams: number;
  /** Outside a session, and too many from their source: not looked at. */
  readonly rateLimitedDatagrams: number;
  /** From somebody who is not in `allow`: not looked at. */
  readonly notAllowedDatagrams: number;
  /** Logins refused, or given up by the remote console. */
  readonly refusedLogins: number;
  readonly lockouts: number;
}

export type SupervisorMessage =
  /** First message of a worker's life. */
  | { readonly type: 'configure'; readonly configuration: BmcConfiguration }
  /** Finish the running domain action if it is short, close the socket, exit 0. */
  | { readonly type: 'stop' }
  /** Read the domain's power state and report it with the same `requestId`. */
  | { readonly type: 'readPowerState'; readonly requestId: number }
  /** These users instead of the ones before; sessions of users that have gone or changed end, all others stay. */
  | { readonly type: 'updateUsers'; readonly requestId: number; readonly users: readonly BmcUser[] }
  /** Answer from the event loop: one that hangs does not. */
  | { readonly type: 'ping'; readonly requestId: number }
  /** The domain watch knows the state. May come at any time, and again without a change: then it was confirmed. */
  | {
      readonly type: 'domainState';
      readonly domainState: DomainState;
      readonly event?: DomainEvent;
      /** The domain's; `8-4-4-4-12` hex digits. */
      readonly uuid?: string;
    }
  /**
   * The element in the metadata of the domain's definition that tells of a boot override, as `virsh metadata` prints it:
   * empty when there is none. Without `element` the supervisor cannot tell: ask libvirt.
   */
  | { readonly type: 'bootOverride'; readonly element?: string }
  /** The domain watch does not know the state (any more), or no such domain: ask libvirt. */
  | { readonly type: 'domainStateUntrusted' }
  /** Power the domain up; `cause` is for the event that tells of it. */
  | { readonly type: 'powerUp'; readonly cause: string }
  /** The answer to `powerRestorePolicy`; `failure`: why it could not be stored. */
  | { readonly type: 'powerRestorePolicyStored'; readonly requestId: number; readonly failure?: string }
  /** Tell about the open sessions. */
  | { readonly type: 'describe'; readonly requestId: number };

export type WorkerMessage =
  /** The socket is bound and answers. */
  | { readonly type: 'ready'; readonly address: string; readonly port: number }
  /** The socket could not be bound; the worker exits after this. `code` is the errno name, for example `EADDRINUSE`. */
  | { readonly type: 'bindFailed'; readonly code: string; readonly message: string }
  | {
      readonly type: 'powerState';
      readonly requestId: number;
      readonly domainState?: DomainState;
      /** What Get Chassis Status says about `domainState`; present exactly when that is. */
      readonly power?: 'on' | 'off';
      /** Who told `domainState`: the domain watch, or the worker's own call of `virsh`. */
      readonly source?: 'watch' | 'virsh';
      /** How long ago, in milliseconds. */
      readonly ageMs?: number;
      /** Why the state is not known. */
      readonly failure?: string;
    }
  /** Store this policy and confirm with `powerRestorePolicyStored`. The worker numbers these requests. */
  | { readonly type: 'powerRestorePolicy'; readonly requestId: number; readonly policy: PowerRestorePolicy }
  /** In the order in which they happened. */
  | { readonly type: 'events'; readonly events: readonly BmcEvent[] }
  | { readonly type: 'usersUpdated'; readonly requestId: number; readonly endedSessions: number }
  | ({ readonly type: 'pong'; readonly requestId: number } & BmcFigures)
  | ({
      readonly type: 'description';
      readonly requestId: number;
      readonly sessions: readonly SessionDescription[];
      /** The longest lock-outs; no more than fit into a message. */
      readonly lockedOut: readonly LockedOutLogin[];
    } & BmcFigures)
  /** One call of `virsh` has ended. */
  | {
      readonly type: 'virshCall';
      readonly verb: string;
      readonly durationMs: number;
      readonly outcome: 'ok' | DomainFailureKind;
    };
