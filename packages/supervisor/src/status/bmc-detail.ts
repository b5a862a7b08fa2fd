/** What `GET /v1/bmcs/NAME` answers and `vbmc show` prints. No secret; every key is always present. */
import type {
  BmcFigures,
  LockedOutLogin,
  Privilege,
  SessionDescription,
  SlotPrivilege,
} from '@vbmc/bmc-worker/ipc';
import type { BmcListing } from './bmc-listing.ts';
import type { PowerReading } from './power-reading.ts';

/** `at` is an instant, ISO 8601 in UTC, in all records. */
export interface FailedLogin {
  readonly at: string;
  readonly user: string;
  readonly source: string;
  readonly reason: string;
  /** RMCP+ status code that was sent; `null` when the remote console gave up, or used IPMI 1.5. */
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
  /** The remote console had been sent a time-out before the action ended. */
  readonly late: boolean;
  /** The same command of another client was under way, and its outcome answered this one too. */
  readonly shared: boolean;
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

/** A change that switches the domain off and on again, and has not come to its end. */
export interface UnfinishedChange {
  readonly at: string;
  readonly description: string;
  readonly user: string;
  readonly source: string;
  /** Why vbmcd does not start the domain any more; `null`: it is under way, or goes on when libvirt answers. */
  readonly reason: string | null;
}

/** One address that a BMC should answer on. */
export interface ListeningState {
  readonly address: string;
  /** Why it does not; `null` if it does. */
  readonly problem: string | null;
}

export interface IpmiUser {
  /** The user id. */
  readonly id: number;
  /** Empty while none is set. */
  readonly name: string;
  readonly privilege: SlotPrivilege;
  /** Whether somebody can log in: there are a name and a password, and both user and access are enabled. */
  readonly complete: boolean;
}

export interface ShownConfiguration {
  readonly connectionUri: string;
  /** Whether vbmcd passes SASL credentials to libvirt. */
  readonly libvirtSasl: boolean;
  readonly users: readonly { readonly name: string; readonly privilege: Privilege }[];
  /** Whether clients may make users by IPMI. */
  readonly userChanges: boolean;
  /** Those that they have made. */
  readonly ipmiUsers: readonly IpmiUser[];
  /** Networks and addresses that may talk to the BMC; `null`: all. */
  readonly allow: readonly string[] | null;
  /** Failed logins before a lock-out, 0: never; `null`: the worker's default. */
  readonly loginAttempts: number | null;
  readonly lockoutSeconds: number | null;
  /** Whether logins need K_g in addition to the password. */
  readonly kg: boolean;
  /** In order of preference. */
  readonly cipherSuites: readonly number[];
  readonly ipmiV15: boolean;
  /** The highest privilege of any session. */
  readonly privilegeLimit: Privilege;
}

/** What unauthenticated senders have caused since the worker's start, and the present lock-outs. */
export interface UnauthenticatedActivity extends Omit<BmcFigures, 'activeSessions'> {
  /** The longest lock-outs. */
  readonly lockedOut: readonly LockedOutLogin[];
}

/** The system event log. */
export interface EventLogFill {
  readonly entries: number;
  readonly capacity: number;
  /** How far its clock is ahead of the host's, in seconds: a client has set it. */
  readonly clockOffset: number;
}

export interface BmcDetail extends BmcListing {
  /** `null` for an invalid entry. */
  readonly configuration: ShownConfiguration | null;
  /** `null` when no worker runs. */
  readonly workerStartedAt: string | null;
  /** Oldest first; `null` when no worker runs or it did not answer in time. */
  readonly sessions: readonly SessionDescription[] | null;
  /** `null` when `sessions` is. */
  readonly strangers: UnauthenticatedActivity | null;
  /** Whether libvirt has an image of the domain's memory that a power on resumes; `null`: unknown. */
  readonly managedSave: boolean | null;
  /** The reading that `powerState` is from; `null` when no worker runs. */
  readonly power: PowerReading | null;
  /** Several for `::`, `0.0.0.0` and a host name; empty when no worker runs. */
  readonly listening: readonly ListeningState[];
  /** `null` while it cannot be read, and for an invalid entry. */
  readonly eventLog: EventLogFill | null;
  /** `null` when there is none. */
  readonly unfinishedChange: UnfinishedChange | null;
  /** Each list: the last 20 since vbmcd started, oldest first. */
  readonly failedLogins: readonly FailedLogin[];
  readonly domainActions: readonly DomainActionRecord[];
  readonly virshCalls: readonly VirshCallRecord[];
  readonly restartCauses: readonly RestartRecord[];
}
