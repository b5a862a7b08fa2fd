import {
  completionCode,
  encodeIpmiMessage,
  netFn,
  OEM_GROUP,
  responseTo,
  type IpmiMessage,
} from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../domain/bmc-device.ts';
import { startingControl } from '../domain/domain-reports.ts';
import type { DomainTimes } from '../session/request-cache.ts';
import type { Session } from '../session/session.ts';
import type { CommandGroup } from '../terms/command-group.ts';
import { isReading, type DeviceAnswer } from '../terms/device-question.ts';
import { isPowerOff, type DomainAction } from '../terms/domain-action.ts';
import type { Effect } from '../terms/effects.ts';
import { remoteAddressText } from '../terms/remote-address.ts';
import { isChange, type Waiter } from './action-queue.ts';
import { commandHandlers } from './command-registry.ts';
import type { Bmc, CommandHandler, RequestContext, ResponseResult } from './commands/handler.ts';
import { completionCodeOnly } from './commands/response-data.ts';
import { Dispatcher } from './dispatcher.ts';
import type { DomainLayer } from './domain-layer.ts';
import { LateCommands } from './late-commands.ts';
import { OpenQuestions } from './open-questions.ts';

/** Sends an encoded IPMI message back to the sender of the request. */
export type Reply = (payload: Uint8Array) => void;

/** How many bytes of a request name the body that has defined its command, by network function (v2.0§5.1 table 5-1). */
const bodyCodeLengths: ReadonlyMap<number, number> = new Map([
  [netFn.groupExtension, 1],
  [OEM_GROUP, 3],
]);

/** A copy: the request may be a view of a datagram. */
function bodyCodeOf(request: IpmiMessage): Uint8Array {
  return request.data.slice(0, bodyCodeLengths.get(request.netFn) ?? 0);
}

/** It follows the completion code in every response. The codec of a command has it in a response that is not refused. */
function withBodyCode(data: Uint8Array, bodyCode: Uint8Array): Uint8Array {
  const isRefusal = data.length === 1;
  return bodyCode.length === 0 || !isRefusal ? data : Uint8Array.of(...data, ...bodyCode);
}

/** Carries each request out once: recognises retransmissions, dispatches, and answers when a domain action has ended. */
export class RequestLayer {
  readonly #bmc: Bmc;
  readonly #device: BmcDevice;
  readonly #domain: DomainLayer;
  readonly #dispatcher: Dispatcher;
  readonly #questions: OpenQuestions;
  readonly #late: LateCommands;

  constructor(bmc: Bmc, domain: DomainLayer, emit: (effect: Effect) => void) {
    this.#bmc = bmc;
    this.#device = bmc.device;
    this.#domain = domain;
    this.#dispatcher = new Dispatcher(commandHandlers, bmc);
    this.#questions = new OpenQuestions(emit);
    this.#late = new LateCommands(emit);
  }

  /** Takes the answer to a question that a command has asked. */
  takeAnswer(id: number, answer: DeviceAnswer, now: number): void {
    this.#questions.take(id, answer, now);
  }

  /**
   * Takes the handlers of a group, and carries out the requests that have waited for them. Without handlers these are answered C0h,
   * and the next one has them read again.
   */
  takeCommands(group: CommandGroup, handlers: readonly CommandHandler[] | undefined, now: number): void {
    if (handlers !== undefined) this.#dispatcher.add(handlers);
    for (const { request, context, reply } of this.#late.take(group)) {
      context.session?.requests.forget(request);
      if (this.#hasEnded(context.session)) continue;
      if (handlers === undefined)
        reply(encodeIpmiMessage(responseTo(request, completionCodeOnly('nodeBusy'))));
      else this.handle(request, { ...context, now }, reply);
    }
  }

  handle(request: IpmiMessage, context: RequestContext, reply: Reply): void {
    // An odd network function is that of a response, and this BMC asks no questions.
    if ((request.netFn & 1) !== 0) return;
    const { session, from, now } = context;
    const { actions } = this.#domain;
    const bodyCode = bodyCodeOf(request);
    const answer = (data: Uint8Array): void => {
      reply(encodeIpmiMessage(responseTo(request, withBodyCode(data, bodyCode))));
    };
    const known = session?.requests.find(request, now, this.#times(now));
    if (known === 'running') return;
    if (known === 'overtaken') {
      answer(completionCodeOnly('notSupportedInPresentState'));
      return;
    }
    if (known !== undefined) {
      answer(known);
      return;
    }
    const result = this.#dispatcher.dispatch(request, context);
    if (result.kind === 'response') {
      actions.endCrossing(session);
      answer(result.data);
      return;
    }
    // A copy: it outlives the datagram that its data may be a view of.
    const kept = { ...request, data: Uint8Array.from(request.data) };
    if (result.kind !== 'domainAction') {
      const isTaken =
        result.kind === 'notLoaded'
          ? this.#late.add(result.group, { request: kept, context, reply })
          : this.#ask(result, kept, context, answer);
      if (isTaken) session?.requests.begin(kept);
      else answer(completionCodeOnly('nodeBusy'));
      return;
    }
    const { action, conclude } = result;
    const waiter: Waiter = {
      since: now,
      session,
      user: session?.user?.displayName ?? '',
      source: remoteAddressText(from),
      conclude,
      answer: (data, answeredAt) => {
        if (isChange(action))
          session?.requests.remember(kept, data, answeredAt, this.#timesOf(action, data, answeredAt));
        else session?.requests.forget(kept);
        answer(data);
      },
    };
    const crossed = actions.crossedOutcome(action, waiter, now);
    if (crossed !== undefined) {
      answer(conclude(crossed));
      return;
    }
    actions.endCrossing(session);
    if (isPowerOff(action)) session?.requests.forgetAnswers();
    if (this.#domain.request(action, waiter, now) === 'busy') answer(completionCodeOnly('nodeBusy'));
    else session?.requests.begin(kept);
  }

  /** False: nothing was asked, because too much is. */
  #ask(
    { question, conclude }: Extract<ResponseResult, { kind: 'question' }>,
    kept: IpmiMessage,
    { session, now }: RequestContext,
    answer: (data: Uint8Array) => void,
  ): boolean {
    const changesUser = question.kind === 'changeUser' && question.isOwn;
    const isAsked = this.#questions.ask(question, session, now, (outcome, answeredAt) => {
      const data = conclude(outcome);
      if (session !== undefined && changesUser) session.changesOwnUser = false;
      if (isReading(question)) session?.requests.forget(kept);
      else session?.requests.remember(kept, data, answeredAt);
      answer(data);
    });
    if (isAsked && session !== undefined) session.changesOwnUser ||= changesUser;
    return isAsked;
  }

  #hasEnded(session: Session | undefined): boolean {
    return session !== undefined && this.#bmc.sessions.find(session.managedSystemSessionId) !== session;
  }

  #times(now: number): Required<DomainTimes> {
    return { news: this.#device.news.countAt(now), powerOffs: this.#device.powerOffs };
  }

  /** For an answer that reports success. */
  #timesOf(action: DomainAction, data: Uint8Array, now: number): DomainTimes | undefined {
    if (data[0] !== completionCode.ok) return undefined;
    const { news, powerOffs } = this.#times(now);
    return startingControl(action) !== undefined ? { news, powerOffs } : { news };
  }
}
