import type { CipherSuiteId, PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { SourceFailures } from '#worker/core/terms/bmc-description.ts';
import type { BmcEvent } from '#worker/core/terms/bmc-event.ts';
import type { CommandGroup } from '#worker/core/terms/command-group.ts';
import type { DeviceAnswer, DeviceQuestion, DeviceQuestionKind } from '#worker/core/terms/device-question.ts';
import type {
  DomainAction,
  DomainActionKind,
  DomainActionOutcome,
  DomainEvent,
  DomainState,
} from '#worker/core/terms/domain-action.ts';
import type { EventLogSettings } from '#worker/core/terms/event-log-settings.ts';
import type { EndpointInput } from '#worker/core/endpoint-input.ts';
import type { EndpointFigures } from '#worker/core/endpoint-options.ts';
import { Endpoint } from '#worker/core/endpoint.ts';
import { limits } from '#worker/core/terms/limits.ts';
import { defaultLoginPolicy, type LoginPolicy } from '#worker/core/login/login-guard.ts';
import type { BmcIdentity } from '#worker/core/request/commands/handler.ts';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import type { RandomBytes } from '#worker/core/terms/random-bytes.ts';
import { User } from '#worker/core/session/user.ts';
import { seededBytes } from '../seeded-random.ts';
import { handlersOf } from './all-handlers.ts';
import { usualAnswers } from './usual-answers.ts';

export function passwordOf(name: string): string {
  return `secret of ${name}`;
}

const utf8 = new TextEncoder();

function user(name: string, privilege: PrivilegeLevel): User {
  return new User(name, utf8.encode(name), utf8.encode(passwordOf(name)), privilege);
}

/** One user for each privilege level, named after it. */
export const users: readonly User[] = [
  user('administrator', 'administrator'),
  user('operator', 'operator'),
  user('user', 'user'),
  user('callback', 'callback'),
];

export const UUID = '12345678-9abc-def0-1122-334455667788';
export const consoleAddress: RemoteAddress = { address: '192.0.2.7', port: 40_001 };

/** A datagram that the endpoint sends. */
export interface Transmission {
  readonly to: RemoteAddress;
  readonly datagram: Uint8Array;
}

export interface AskedAction {
  readonly id: number;
  readonly action: DomainAction;
}

export interface AskedQuestion {
  readonly id: number;
  readonly question: DeviceQuestion;
}

export interface SimulatedBmcOptions {
  readonly allowedCipherSuites?: readonly CipherSuiteId[];
  readonly users?: readonly User[];
  readonly kg?: Uint8Array;
  readonly allowsIpmiV15?: boolean;
  readonly privilegeLimit?: PrivilegeLevel;
  readonly loginPolicy?: LoginPolicy;
  readonly random?: RandomBytes;
  readonly identity?: Partial<BmcIdentity>;
  readonly userChanges?: boolean;
  readonly watchdog?: boolean;
  readonly eventLog?: EventLogSettings;
}

/** An endpoint with a virtual clock, and a domain that the test controls. */
export class SimulatedBmc {
  readonly endpoint: Endpoint;
  readonly events: BmcEvent[] = [];
  /** What the supervisor was told for its count over all BMCs. */
  readonly loginFailures: SourceFailures[] = [];
  /** Every domain action that was ever requested. */
  readonly actions: AskedAction[] = [];
  /** Every question that was ever asked. */
  readonly questions: AskedQuestion[] = [];
  /** Whether the handlers of commands that are read later never come. */
  loadsNothing = false;
  /** The ids of those that the BMC has called off. */
  readonly calledOff: number[] = [];
  /** Whether the supervisor says nothing by itself, as if it were frozen. */
  supervisorIsSilent = false;
  now = 5_000;
  readonly #finished = new Set<number>();
  readonly #answered = new Set<number>();

  constructor(options: SimulatedBmcOptions = {}) {
    this.endpoint = new Endpoint({
      users: options.users ?? users,
      ...(options.kg !== undefined && { kg: options.kg }),
      loginPolicy: options.loginPolicy ?? defaultLoginPolicy,
      allowsIpmiV15: options.allowsIpmiV15 ?? false,
      privilegeLimit: options.privilegeLimit ?? 'administrator',
      allowedCipherSuites: options.allowedCipherSuites ?? [17, 3],
      powerRestorePolicy: 'alwaysOff',
      identity: {
        firmwareMajorRevision: 1,
        firmwareMinorRevision: 42,
        firmwarePatch: 7,
        name: 'node-0',
        ...options.identity,
      },
      userChanges: options.userChanges ?? false,
      watchdog: options.watchdog ?? true,
      ...(options.eventLog !== undefined && { eventLog: options.eventLog }),
      random: options.random ?? seededBytes(1),
    });
  }

  /** A BMC that the supervisor has told its domain's UUID and boot flags, with no action under way. */
  static started(options?: SimulatedBmcOptions): SimulatedBmc {
    const bmc = new SimulatedBmc(options);
    bmc.handle({ type: 'uuid', uuid: UUID });
    bmc.handle({ type: 'bootFlags', bootFlags: undefined });
    return bmc;
  }

  get figures(): EndpointFigures {
    return this.endpoint.figures(this.now);
  }

  /** Makes the BMC ask libvirt about its domain. */
  start(): void {
    this.handle({ type: 'inspectDomain' });
  }

  /** Gives the endpoint an input, records its events and domain actions, and returns the datagrams that it sends. */
  handle(input: EndpointInput): Transmission[] {
    const sent: Transmission[] = [];
    for (const effect of this.endpoint.handle(input, this.now)) {
      if (effect.kind === 'transmit') sent.push({ to: effect.to, datagram: effect.datagram });
      else if (effect.kind === 'event') this.events.push(effect.event);
      else if (effect.kind === 'loginFailures') this.loginFailures.push(...effect.failures);
      else if (effect.kind === 'callOffAction') this.calledOff.push(effect.id);
      else if (effect.kind === 'question') this.questions.push({ id: effect.id, question: effect.question });
      else if (effect.kind === 'loadCommands') sent.push(...this.#load(effect.group));
      else this.actions.push({ id: effect.id, action: effect.action });
    }
    return sent;
  }

  send(datagram: Uint8Array, from: RemoteAddress = consoleAddress): Transmission[] {
    return this.handle({ type: 'datagram', from, datagram });
  }

  /** Ends the oldest action of this kind that is under way. */
  finish(kind: DomainActionKind, outcome: DomainActionOutcome): Transmission[] {
    const asked = this.underWay().find(({ action }) => action.kind === kind);
    if (asked === undefined) throw new Error(`no ${kind} is under way`);
    return this.finishId(asked.id, outcome);
  }

  finishId(id: number, outcome: DomainActionOutcome): Transmission[] {
    this.#finished.add(id);
    return this.handle({ type: 'actionFinished', id, outcome });
  }

  /** Answers the oldest question of this kind that is not answered. */
  answer<Kind extends DeviceQuestionKind>(kind: Kind, answer: DeviceAnswer<Kind>): Transmission[] {
    const asked = this.questions.find(
      ({ id, question }) => question.kind === kind && !this.#answered.has(id),
    );
    if (asked === undefined) throw new Error(`no ${kind} is asked`);
    this.#answered.add(asked.id);
    return this.handle({ type: 'answered', id: asked.id, answer });
  }

  /** Answers every question as a supervisor and a host in good order do. */
  answerAll(): Transmission[] {
    return this.questions
      .filter(({ id }) => !this.#answered.has(id))
      .flatMap(({ question: { kind } }) => this.answer(kind, { ok: true, value: usualAnswers[kind] }));
  }

  #load(group: CommandGroup): Transmission[] {
    if (this.loadsNothing) return [];
    return this.handle({ type: 'commandsLoaded', group, handlers: handlersOf[group] });
  }

  /** The domain watch reports a state. */
  reportState(domainState: DomainState, event?: DomainEvent): void {
    this.handle({ type: 'domainState', domainState, ...(event !== undefined && { event }) });
  }

  /** The domain watch reports what libvirt has answered to a question that it has just asked. */
  reportAnswer(domainState: DomainState): void {
    this.handle({ type: 'domainState', domainState, askedAt: this.now });
  }

  underWay(): AskedAction[] {
    return this.actions.filter(({ id }) => !this.#finished.has(id));
  }

  asked(kind: DomainActionKind): number {
    return this.actions.filter(({ action }) => action.kind === kind).length;
  }

  /** Lets time pass as the shell does: a tick every `limits.tickMs` while the endpoint wants one. The supervisor pings. */
  advance(ms: number): Transmission[] {
    const until = this.now + ms;
    const sent: Transmission[] = [];
    while (this.now + limits.tickMs <= until) {
      this.now += limits.tickMs;
      if (!this.supervisorIsSilent) this.handle({ type: 'supervisorAlive' });
      if (this.endpoint.wantsTick) sent.push(...this.handle({ type: 'tick' }));
    }
    this.now = until;
    return sent;
  }

  /** The events of one kind. */
  eventsOf<Kind extends BmcEvent['kind']>(kind: Kind): Extract<BmcEvent, { kind: Kind }>[] {
    return this.events.filter((event): event is Extract<BmcEvent, { kind: Kind }> => event.kind === kind);
  }
}
