/**
 * The messages between supervisor and worker; message-lines.ts says how they travel. The supervisor validates an inventory
 * before it sends it, so a worker does not check what it receives. The supervisor checks what a worker sends, by the tables
 * here: each value has the kind that its table names, within the bounds of that kind.
 */
import { bmcEventFields } from '../core/terms/bmc-event.ts';
import { lockedOutLoginFields, sessionFields, sourceFailuresFields } from '../core/terms/bmc-description.ts';
import { bmcFigures, valuesByName, type BmcFigures } from '../core/terms/bmc-figures.ts';
import {
  domainFailureKinds,
  domainStates,
  owedStartEnds,
  powerRestorePolicies,
  type DomainEvent,
  type DomainState,
  type OwedStart,
  type OwedStartEnd,
  type PowerRestorePolicy,
} from '../core/terms/domain-action.ts';
import type { LanFacts } from '../core/terms/lan-facts.ts';
import type { Privilege } from '../core/terms/privileges.ts';
import type { SlotAccess, SlotPrivilege } from '../core/terms/user-change.ts';
import type { WatchdogExpiry, WatchdogSetting, WatchdogState } from '../core/terms/watchdog.ts';
import type { BmcConfiguration, BmcUser, BmcUserSlot, KeptConnectionOutlook } from './configuration.ts';
import type { DeviceQuestionKind, DeviceQuestions } from '../core/terms/device-question.ts';
import { deviceRequestFields, deviceRequestTypes } from './device-requests.ts';
import type { Fields, KindsOf } from '../core/terms/record-fields.ts';
import type { DomainEnd, LogFill, SensorFacts } from '../core/terms/sensor-facts.ts';
import type { CipherSuiteId } from '@vbmc/ipmi-codec';

export { selWhenFull, usualEventLog, type EventLogSettings } from '../core/terms/event-log-settings.ts';
export {
  softShutdownModes,
  type BmcConfiguration,
  type KeptConnectionOutlook,
  type BmcUser,
  type BmcUserSlot,
  type SoftShutdownMode,
} from './configuration.ts';
export type { LockedOutLogin, SessionDescription, SourceFailures } from '../core/terms/bmc-description.ts';
export type { BmcEvent } from '../core/terms/bmc-event.ts';
export type { DomainFailureKind } from '../core/terms/domain-action.ts';
export type { DomainRun, EventLogView, LogEntryChanges } from '../core/terms/event-log-questions.ts';
export type { LogEntry, LogFact, LoggedPower, StartCause } from '../core/terms/log-fact.ts';
export type {
  SlotAccess,
  SlotPrivilege,
  WatchdogExpiry,
  WatchdogSetting,
  WatchdogState,
  BmcFigures,
  CipherSuiteId,
  DomainEnd,
  DomainEvent,
  DomainState,
  LanFacts,
  LogFill,
  OwedStart,
  OwedStartEnd,
  PowerRestorePolicy,
  Privilege,
  SensorFacts,
};

export type SupervisorMessage =
  /** First message of a worker's life. */
  | { readonly type: 'configure'; readonly configuration: BmcConfiguration }
  /** Finish the running domain action if it is short, close the socket, exit 0. */
  | { readonly type: 'stop' }
  /** Read the domain's power state and report it with the same `requestId`. */
  | { readonly type: 'readPowerState'; readonly requestId: number }
  /** Replace the users; sessions of users that were removed or changed end, all others continue. */
  | {
      readonly type: 'updateUsers';
      readonly requestId: number;
      readonly users: readonly BmcUser[];
      readonly userSlots: readonly BmcUserSlot[];
    }
  /** The addresses of the host, or of the host name, have changed: bind those that are new, close the sockets of those that are missing. */
  | { readonly type: 'addresses'; readonly addresses: readonly string[] }
  /** Answer from the event loop, so that a worker that hangs does not answer. */
  | { readonly type: 'ping'; readonly requestId: number }
  /** The domain watch knows the state. May come at any time, and again without a change, which confirms it. */
  | {
      readonly type: 'domainState';
      readonly domainState: DomainState;
      readonly event?: DomainEvent;
      /**
       * When the question was asked that libvirt has answered with this state, in milliseconds by the clock that all processes of
       * the host share (CLOCK_MONOTONIC). Absent: an event says so, and nobody knows how late it is.
       */
      readonly askedAtMs?: number;
      /** The domain's; `8-4-4-4-12` hex digits. */
      readonly uuid?: string;
    }
  /**
   * The element in the metadata of the domain's definition that describes a boot override, as `virsh metadata` prints it:
   * empty when there is none. Without `element` the supervisor does not know it: ask libvirt.
   */
  | { readonly type: 'bootOverride'; readonly element?: string }
  /** The domain's definition was written, renamed or removed, by this worker or by another program. */
  | { readonly type: 'definitionChanged' }
  /** The domain watch does not know the state (any more), or there is no such domain: ask libvirt. */
  | { readonly type: 'domainStateUntrusted' }
  /**
   * libvirt has not answered a question of the domain watch, or of another worker, about the domain for `forMs`: ask nothing
   * more, until another message tells of the state.
   */
  | { readonly type: 'domainUnanswered'; readonly forMs: number }
  /** Whether libvirt owes an answer about some domain of the connection: a question about all domains would have to wait for it. */
  | { readonly type: 'allDomainsUnanswered'; readonly isSo: boolean }
  /** The connection that vbmcd keeps has come, has gone, or is being made. */
  | ({ readonly type: 'keptConnection' } & KeptConnectionOutlook)
  /** Power the domain up; the event about it names `cause`. */
  | { readonly type: 'powerUp'; readonly cause: string }
  /** The stored policy, which could not be read when the worker was configured. */
  | { readonly type: 'storedPolicy'; readonly policy: PowerRestorePolicy }
  /** The answer to `powerRestorePolicy`; `failure`: why it could not be stored. */
  | { readonly type: 'powerRestorePolicyStored'; readonly requestId: number; readonly failure?: string }
  /** The answer to `owedStart` and `owedStartEnded`; `failure`: why it is not on disk. */
  | { readonly type: 'owedStartNoted'; readonly requestId: number; readonly failure?: string }
  /** The domain is off, and an earlier worker, or this one, owes its start: start it if that is still wanted. */
  | { readonly type: 'finishStart'; readonly start: OwedStart }
  /** The domain that this worker has to start again runs already, or has run meanwhile: start it no more. */
  | { readonly type: 'startOvertaken' }
  /** The watchdog timer has expired, or its NMI is due. `isKnown`: an earlier worker has been told, and has not finished. */
  | ({ readonly type: 'watchdogExpired'; readonly isKnown: boolean } & WatchdogExpiry)
  /**
   * The answer to a worker's request about the device (device-requests.ts): `value` as `DeviceQuestions` says of the question, or
   * `failure`: why it was not done. `watchdog`: the timer, unless it was to be started and was never set.
   */
  | {
      readonly type: 'deviceAnswered';
      readonly requestId: number;
      readonly failure?: string;
      /** For `readSensors`. */
      readonly sensors?: SensorFacts;
      /** For `readLan`. */
      readonly lan?: LanFacts;
      readonly value?: DeviceQuestions[DeviceQuestionKind]['tells'];
      readonly watchdog?: WatchdogState;
    }
  /** Look for an image of the domain's memory that a start would resume. */
  | { readonly type: 'readManagedSave'; readonly requestId: number }
  /** Describe the open sessions and the lock-outs. */
  | { readonly type: 'describe'; readonly requestId: number }
  /** End the session with this `id` of its description. */
  | { readonly type: 'closeSession'; readonly requestId: number; readonly session: string }
  /** These sources, and no others, fail to log in at several BMCs. */
  | { readonly type: 'guessingSources'; readonly sources: readonly string[] };

/** A worker asks for these, and numbers them itself. Every other numbered message of a worker answers the supervisor. */
export const workerRequestTypes = [
  'powerRestorePolicy',
  'owedStart',
  'owedStartEnded',
  ...deviceRequestTypes,
] as const;
/** The answers to `workerRequestTypes`. Every other numbered message of the supervisor is a question. */
export const confirmationTypes = ['powerRestorePolicyStored', 'owedStartNoted', 'deviceAnswered'] as const;

const figureFields = valuesByName(bmcFigures, () => 'count' as const);

/** Each message of a worker with its fields. */
export const workerMessageFields = {
  /** The socket is bound and answers. */
  ready: { address: 'shortText', port: 'port' },
  /**
   * The sockets could not be bound; the worker exits after this. `code` is the errno name, for example `EADDRINUSE`; `address` the one
   * that could not be bound.
   */
  bindFailed: { code: 'shortText', message: 'text', address: { optional: 'shortText' } },
  /** Of several addresses the BMC does not listen on this one, and tries again. `code` is the errno name. */
  addressNotBound: { address: 'shortText', code: 'shortText' },
  /** The BMC listens on an address that it could not bind before. */
  addressBound: { address: 'shortText' },
  powerState: {
    requestId: 'count',
    domainState: { optional: { oneOf: domainStates } },
    /** What Get Chassis Status says about `domainState`; present exactly when that is. */
    power: { optional: { oneOf: ['on', 'off'] } },
    /** Where `domainState` comes from: the domain watch, or the worker's own call of `virsh`. */
    source: { optional: { oneOf: ['watch', 'virsh'] } },
    /** Time since the state was reported or read. */
    ageMs: { optional: 'milliseconds' },
    /** Why the state is not known. */
    failure: { optional: 'text' },
  },
  /** Store this policy and confirm with `powerRestorePolicyStored`. The worker numbers these requests. */
  powerRestorePolicy: { requestId: 'count', policy: { oneOf: powerRestorePolicies } },
  /**
   * The domain is about to be switched off and has to be started again. Confirm with `owedStartNoted` when this is on disk. The
   * worker numbers these requests, and those of `owedStartEnded`.
   */
  owedStart: {
    requestId: 'count',
    description: 'text',
    user: 'shortText',
    source: 'shortText',
    uuid: 'shortText',
  },
  /** The worker is about to have libvirt destroy the domain: from now on the start of the last `owedStart` is owed. */
  owedStartDestroys: {},
  /**
   * What became of the start that is owed, by `owedStart` or `finishStart`. Confirm likewise. `calledOff` also calls off a power
   * up by the power restore policy.
   */
  owedStartEnded: {
    requestId: 'count',
    how: { oneOf: owedStartEnds },
    /** For `overtaken`, `failed` and `left`. */
    why: { optional: 'text' },
    /** For `left`: the id of a boot override that was announced for the start, and that no start has used. */
    unusedOverride: { optional: 'shortText' },
  },
  ...deviceRequestFields,
  /**
   * The worker is about to have libvirt reset the domain; its `virshCall` tells the end of that. `byWatchdog`: because the watchdog timer
   * has expired.
   */
  resetUnderWay: { byWatchdog: { optional: 'flag' } },
  /** In the order in which they happened. */
  events: { events: { listOfKinds: bmcEventFields } },
  usersUpdated: { requestId: 'count', endedSessions: 'count' },
  pong: { requestId: 'count', ...figureFields },
  description: {
    requestId: 'count',
    sessions: { listOf: sessionFields },
    /** The longest lock-outs; no more than fit into a message. */
    lockedOut: { listOf: lockedOutLoginFields },
    ...figureFields,
  },
  /** The answer to `closeSession`; without `user` and `source` there was no such session. */
  sessionEnded: {
    requestId: 'count',
    user: { optional: 'shortText' },
    source: { optional: 'shortText' },
  },
  /** Logins have failed at this BMC since the last message of this kind. */
  loginFailures: { failures: { listOf: sourceFailuresFields } },
  /**
   * The calls that libvirt owes this worker an answer have changed. `verb` and `forMs`: of the oldest; without `verb`: there is
   * none any more. `calls`: how many.
   */
  unansweredCalls: { verb: { optional: 'shortText' }, forMs: 'milliseconds', calls: 'count' },
  /** The worker is about to have libvirt start the domain; without `isSo`: libvirt has answered. `byWatchdog` as above. */
  startUnderWay: { isSo: { optional: 'flag' }, byWatchdog: { optional: 'flag' } },
  /** Whether libvirt has an image of the domain's memory (`virsh managedsave`) that a start resumes. */
  managedSave: { requestId: 'count', image: { oneOf: ['present', 'absent', 'unknown'] } },
  /** One call of `virsh` has ended. */
  virshCall: {
    verb: 'shortText',
    durationMs: 'milliseconds',
    outcome: { oneOf: ['ok', ...domainFailureKinds] },
  },
} as const satisfies Readonly<Record<string, Fields>>;

export type WorkerMessage = KindsOf<'type', typeof workerMessageFields>;
