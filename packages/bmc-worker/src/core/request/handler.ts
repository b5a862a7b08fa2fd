import type {
  ActivatedSession,
  ActivateSessionRequest,
  CipherSuite,
  PrivilegeLevel,
  SessionChallenge,
} from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../domain/bmc-device.ts';
import type { DomainAction, DomainActionOutcome } from '../terms/domain-action.ts';
import type { ImmediateResult } from '../terms/result.ts';
import type { RemoteAddress } from '../terms/remote-address.ts';
import type { Session } from '../session/session.ts';
import type { UserDirectory } from '../session/user-directory.ts';

/** How this BMC presents itself. */
export interface BmcIdentity {
  readonly firmwareMajorRevision: number;
  readonly firmwareMinorRevision: number;
}

export interface SessionDirectory {
  /** A session by the id that the BMC chose. */
  find(managedSystemSessionId: number): Session | undefined;
  /** Sessions that are active, oldest first. */
  active(): readonly Session[];
  /** Begins an IPMI 1.5 session for the user of this name, 16 bytes. */
  challenge(userName: Uint8Array, from: RemoteAddress, now: number): ImmediateResult<SessionChallenge>;
  /** Makes an IPMI 1.5 session active whose remote console has proved the password. */
  activate(
    session: Session | undefined,
    request: ActivateSessionRequest,
    now: number,
  ): ImmediateResult<ActivatedSession>;
  /** Who may log in. */
  readonly users: UserDirectory;
  /** Ends a session as soon as the present request is answered. */
  close(session: Session): void;
}

/** What a handler may look at and change. */
export interface RequestContext {
  /** Undefined for a request before a session. */
  readonly session: Session | undefined;
  readonly device: BmcDevice;
  readonly from: RemoteAddress;
  /** The time of the request, in milliseconds. */
  readonly now: number;
  readonly identity: BmcIdentity;
  readonly cipherSuites: readonly CipherSuite[];
  /** Whether logins need K_g beside the password. */
  readonly hasKg: boolean;
  readonly allowsIpmiV15: boolean;
  /** No session of this BMC gets higher. */
  readonly privilegeLimit: PrivilegeLevel;
  readonly sessions: SessionDirectory;
}

/** What a handler makes of a request. */
export type HandlerResult<Response> =
  | ImmediateResult<Response>
  /** The domain has to tell or do something first; `conclude` makes the result of what came of it. */
  | {
      readonly kind: 'domainAction';
      readonly action: DomainAction;
      readonly conclude: (outcome: DomainActionOutcome) => ImmediateResult<Response>;
    };

export type Handler<Request, Response> = (
  request: Request,
  context: RequestContext,
) => HandlerResult<Response>;
