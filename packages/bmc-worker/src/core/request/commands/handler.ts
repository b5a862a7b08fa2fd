import type {
  ActivatedSession,
  ActivateSessionRequest,
  CipherSuite,
  Command,
  PrivilegeLevel,
  SessionChallenge,
} from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../../domain/bmc-device.ts';
import type { EventLogSettings } from '../../terms/event-log-settings.ts';
import type { LoginPolicy } from '../../terms/login-policy.ts';
import type { Session } from '../../session/session.ts';
import type { UserDirectory } from '../../session/user-directory.ts';
import type { BmcReset, CloseCause } from '../../terms/bmc-event.ts';
import type { DomainAction, DomainActionOutcome, DomainFacts } from '../../terms/domain-action.ts';
import type {
  DeviceAnswer,
  DeviceQuestion,
  DeviceQuestionKind,
  DeviceQuestions,
} from '../../terms/device-question.ts';
import { completionCodeOfFailure } from '../../terms/domain-failure.ts';
import type { RandomBytes } from '../../terms/random-bytes.ts';
import type { RemoteAddress } from '../../terms/remote-address.ts';
import { refuse, type ImmediateResult } from '../../terms/result.ts';
import { responseData } from './response-data.ts';

/** The version of this program. */
export interface Firmware {
  readonly firmwareMajorRevision: number;
  readonly firmwareMinorRevision: number;
  /** The third number of the version. */
  readonly firmwarePatch: number;
}

/** How this BMC presents itself. */
export interface BmcIdentity extends Firmware {
  /** The BMC's name: its section in the inventory. */
  readonly name: string;
  /** As the inventory says; absent: that of the domain's definition, if it has one. */
  readonly assetTag?: string;
}

export interface SessionDirectory {
  /** A session by the id that the BMC chose. */
  find(managedSystemSessionId: number): Session | undefined;
  /** The active sessions, oldest first. */
  active(): readonly Session[];
  /** Begins an IPMI 1.5 session for the user of this name, 16 bytes. */
  challenge(userName: Uint8Array, from: RemoteAddress, now: number): ImmediateResult<SessionChallenge>;
  /** Makes an IPMI 1.5 session active once its remote console has proved the password. */
  activate(
    session: Session | undefined,
    request: ActivateSessionRequest,
    now: number,
  ): ImmediateResult<ActivatedSession>;
  /** The users that may log in. */
  readonly users: UserDirectory;
  /** Whether a client of this session may test a password of this user now: wrong ones count like failed logins. */
  mayTestPassword(userName: Uint8Array, session: Session, now: number): boolean;
  /** A client of this session has tested a wrong password of this user. */
  notePasswordDiffers(userName: Uint8Array, session: Session, now: number): void;
  /** Ends a session as soon as the present request is answered. */
  close(session: Session, cause: CloseCause): void;
  /**
   * Ends all sessions. The one that has asked for it lasts for some seconds, because ipmitool and others close it themselves
   * and wait for the answer.
   */
  endAllFor(reset: BmcReset, asker: Session, now: number): void;
}

/** What a handler may read and change of its BMC. */
export interface Bmc {
  readonly device: BmcDevice;
  readonly identity: BmcIdentity;
  /** In order of preference. */
  readonly cipherSuites: readonly CipherSuite[];
  /** Whether a login needs K_g as well as the password. */
  readonly hasKg: boolean;
  readonly allowsIpmiV15: boolean;
  /** No session of this BMC gets higher. */
  readonly privilegeLimit: PrivilegeLevel;
  readonly loginPolicy: LoginPolicy;
  /** Whether IPMI may change users. */
  readonly userChanges: boolean;
  /** Whether a client may have the watchdog timer act on the domain. */
  readonly watchdog: boolean;
  /** Of the log that the supervisor keeps. */
  readonly eventLog: EventLogSettings;
  readonly sessions: SessionDirectory;
  readonly random: RandomBytes;
}

/** Where and when a request arrived. */
export interface RequestContext {
  /** Undefined for a request outside a session. */
  readonly session: Session | undefined;
  readonly from: RemoteAddress;
  /** In milliseconds. */
  readonly now: number;
}

/** The least privilege that a command needs (v2.0 appendix G); `none`: also answered outside a session. */
export type MinimumPrivilege = PrivilegeLevel | 'none';

/** The result of a request; after a domain action or a question it follows from the outcome. */
export type HandlerResult<Response> =
  | ImmediateResult<Response>
  | {
      readonly kind: 'question';
      readonly question: DeviceQuestion;
      readonly conclude: (answer: DeviceAnswer) => ImmediateResult<Response>;
    }
  | {
      readonly kind: 'domainAction';
      readonly action: DomainAction;
      readonly conclude: (outcome: DomainActionOutcome) => ImmediateResult<Response>;
    };

/** The same as the data of the response message: the completion code and what follows it. */
export type ResponseResult =
  | { readonly kind: 'response'; readonly data: Uint8Array }
  | {
      readonly kind: 'question';
      readonly question: DeviceQuestion;
      readonly conclude: (answer: DeviceAnswer) => Uint8Array;
    }
  | {
      readonly kind: 'domainAction';
      readonly action: DomainAction;
      readonly conclude: (outcome: DomainActionOutcome) => Uint8Array;
    };

/** How this BMC answers one command of the codec. */
export interface HandlerDefinition<Request, Response> {
  readonly command: Command<Request, Response>;
  readonly privilege: MinimumPrivilege;
  readonly handle: (request: Request, bmc: Bmc, context: RequestContext) => HandlerResult<Response>;
}

/** The same for every command: bytes in, bytes out. */
export interface CommandHandler {
  readonly command: Pick<Command<unknown, unknown>, 'name' | 'netFn' | 'code'>;
  readonly privilege: MinimumPrivilege;
  /** Raises `DecodeError` for data that are not a request of this command. */
  readonly handle: (data: Uint8Array, bmc: Bmc, context: RequestContext) => ResponseResult;
}

/** Joins a handler to the codec of its command. */
export function defineHandler<Request, Response>({
  command,
  privilege,
  handle,
}: HandlerDefinition<Request, Response>): CommandHandler {
  return {
    command,
    privilege,
    handle: (data, bmc, context) => {
      const result = handle(command.request.decode(data), bmc, context);
      if (result.kind === 'question') {
        const { question, conclude } = result;
        return {
          kind: 'question',
          question,
          conclude: (answer) => responseData(command.response, conclude(answer)),
        };
      }
      if (result.kind !== 'domainAction')
        return { kind: 'response', data: responseData(command.response, result) };
      const { action, conclude } = result;
      return {
        kind: 'domainAction',
        action,
        conclude: (outcome) => responseData(command.response, conclude(outcome)),
      };
    },
  };
}

/** The result after a domain action: `conclude` makes it of what the action found out, a failure becomes a completion code. */
export function afterDomainAction<Response>(
  action: DomainAction,
  conclude: (facts: DomainFacts) => ImmediateResult<Response>,
): HandlerResult<Response> {
  return {
    kind: 'domainAction',
    action,
    conclude: (outcome) =>
      outcome.ok ? conclude(outcome.facts) : refuse(completionCodeOfFailure[outcome.failure.kind]),
  };
}

type Failed = Extract<DeviceAnswer, { readonly ok: false }>;

/** C3h: nobody has answered in time. FFh: it has not been done. */
function refusalOf({ why }: Failed): ImmediateResult<never> {
  return refuse(why === 'unanswered' ? 'timeout' : 'unspecifiedError');
}

/** The result after a question: `conclude` makes it of the answer, `otherwise` of there being none. */
export function afterAnswer<Kind extends DeviceQuestionKind, Response>(
  question: DeviceQuestion & { readonly kind: Kind },
  conclude: (value: DeviceQuestions[Kind]['tells']) => ImmediateResult<Response>,
  otherwise: (failed: Failed) => ImmediateResult<Response> = refusalOf,
): HandlerResult<Response> {
  return {
    kind: 'question',
    question,
    // The shell answers each kind of question with what the table says of that kind.
    conclude: (answer) => (answer.ok ? conclude(answer.value) : otherwise(answer)),
  };
}
