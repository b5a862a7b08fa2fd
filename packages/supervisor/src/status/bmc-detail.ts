/** What `GET /v1/bmcs/NAME` says, and `vbmc show` shows. No secret; every key is always there. */
import type { DomainState, LockedOutLogin, SessionDescription, UserPrivilege } from '@vbmc/bmc-worker/ipc';
import type { BmcListing, PowerState } from './bmc-listing.ts';

/** `at` is an instant, ISO 8601 in UTC, in all records. */
export interface FailedLogin {
  readonly at: string;
  readonly user: string;
  readonly source: string;
  readonly reason: string;
  /** RMCP+ status code that was sent; `null` when the remote console gave up by itself. */
  readonly status: number | null;
}

export interface DomainActionRecord {
  readonly at: string;
  readonly description: string;
  readonly user: string;
  readonly source: string;
  readonly durationMs: number;
  /** `done`, or the kind of failure. */
  readonly outcome: string;
  readonly failure: string | null;
  /** The remote console had been told of a time-out before it ended. */
  readonly late: boolean;
}

export interface VirshCallRecord {
  readonly at: string;
  readonly verb: string;
  readonly durationMs: number;
  /** `ok`, or the kind of failure. */
  readonly outcome: string;
}

export interface RestartRecord {
  readonly at: string;
  readonly cause: string;
}

export interface PowerReading {
  readonly at: string;
  readonly powerState: PowerState;
  readonly domainState: DomainState | null;
  /** Who told it: the domain watch, or the worker's own call of virsh. */
  readonly source: 'watch' | 'virsh';
  /** Why it is unknown. */
  readonly failure: string | null;
}

export interface ShownConfiguration {
  readonly connectionUri: string;
  /** Whether libvirt is given SASL credentials. */
  readonly libvirtSasl: boolean;
  readonly users: readonly { readonly name: string; readonly privilege: UserPrivilege }[];
  /** Networks that may talk to it; `null`: everybody. */
  readonly allow: readonly string[] | null;
  /** Failed logins before a lock-out, 0: never; `null`: the default of the worker. */
  readonly loginAttempts: number | null;
  readonly lockoutSeconds: number | null;
  /** Whether logins need K_g beside the password. */
  readonly kg: boolean;
  /** In order of preference. */
  readonly cipherSuites: readonly number[];
  readonly ipmiV15: boolean;
  /** No session gets higher. */
  readonly privilegeLimit: UserPrivilege;
}

/** What the network has tried since the worker's start, and who is locked out. */
export interface ShownStrangers {
  /** Logins that have begun, at present. */
  readonly halfOpenSessions: number;
  readonly refusedLogins: number;
  readonly lockouts: number;
  readonly malformedDatagrams: number;
  readonly oversizedDatagrams: number;
  readonly rateLimitedDatagrams: number;
  readonly notAllowedDatagrams: number;
  /** How many are locked out at present. */
  readonly lockedOutLogins: number;
  /** The longest of them. */
  readonly lockedOut: readonly LockedOutLogin[];
}

export interface BmcDetail extends BmcListing {
  /** `null` for an invalid entry. */
  readonly configuration: ShownConfiguration | null;
  /** When the worker that runs was started. */
  readonly workerStartedAt: string | null;
  /** Oldest first; `null` when no worker runs or it did not answer in time. */
  readonly sessions: readonly SessionDescription[] | null;
  /** `null` as `sessions` is. */
  readonly strangers: ShownStrangers | null;
  /** The last reading, with its instant. */
  readonly power: PowerReading | null;
  /** The last 20 of each, oldest first, since vbmcd started. */
  readonly failedLogins: readonly FailedLogin[];
  readonly domainActions: readonly DomainActionRecord[];
  readonly virshCalls: readonly VirshCallRecord[];
  readonly restartCauses: readonly RestartRecord[];
}
