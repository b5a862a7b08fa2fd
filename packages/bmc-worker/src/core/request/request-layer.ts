import { encodeIpmiMessage, responseTo, type BootFlags, type IpmiMessage } from '@vbmc/ipmi-codec';
import { commandHandlers } from './command-registry.ts';
import type { BmcDevice } from '../domain/bmc-device.ts';
import { bootFlagsCountDown, bootFlagsHaveExpired, noBootFlags } from '../domain/boot-options.ts';
import { learnFromOutcome } from '../domain/learn-from-outcome.ts';
import { completionCodeOnly } from './commands/response-data.ts';
import { Dispatcher } from './dispatcher.ts';
import { describeAction } from '../domain/describe-action.ts';
import type {
  DomainAction,
  DomainActionOutcome,
  DomainEvent,
  DomainFailureKind,
  DomainState,
} from '../terms/domain-action.ts';
import { didSomething, DomainNews, FIRST_LOOK, isFollowUp } from '../domain/domain-reports.ts';
import { DomainWork, isChange, type RunningAction, type Waiter } from './domain-work.ts';
import type { Effect } from '../terms/effects.ts';
import { remoteAddressText } from '../terms/remote-address.ts';
import type { Bmc, RequestContext } from './commands/handler.ts';

/** Sends an encoded IPMI message back to where its request came from. */
export type Reply = (payload: Uint8Array) => void;

/** Carries requests out, each once: dispatches them, starts domain actions, answers when those have ended. */
export class RequestLayer {
  readonly #device: BmcDevice;
  readonly #emit: (effect: Effect) => void;
  readonly #dispatcher: Dispatcher;
  readonly #work = new DomainWork();
  readonly #news: DomainNews;
  /** Whether what is not known is asked for as soon as libvirt seems to answer. */
  #looksForItself = false;
  /** The last kind of failure to read the domain, so that each is reported once and not at every poll. */
  #unreadable: DomainFailureKind | undefined;

  constructor(bmc: Bmc, emit: (effect: Effect) => void) {
    this.#device = bmc.device;
    this.#emit = emit;
    this.#dispatcher = new Dispatcher(commandHandlers, bmc);
    this.#news = new DomainNews(bmc.device);
  }

  /** Whether nothing waits for time to pass. */
  get isIdle(): boolean {
    return this.#work.isIdle && !bootFlagsCountDown(this.#device.bootOptions);
  }

  handle(request: IpmiMessage, context: RequestContext, reply: Reply): void {
    const { session, from, now } = context;
    if ((request.netFn & 1) !== 0) return; // a response, and nothing was asked
    const answer = (data: Uint8Array): void => {
      reply(encodeIpmiMessage(responseTo(request, data)));
    };
    const known = session?.requests.find(request, now);
    if (known === 'running') return;
    if (known !== undefined) {
      answer(known);
      return;
    }
    const dispatched = this.#dispatcher.dispatch(request, context);
    if (dispatched.kind === 'response') {
      this.#work.moveOn(session);
      answer(dispatched.data);
      return;
    }
    const { action, conclude } = dispatched;
    // A copy: it outlives the datagram that its data may be a view of.
    const kept = { ...request, data: Uint8Array.from(request.data) };
    const waiter: Waiter = {
      since: now,
      session,
      user: session?.user?.displayName ?? '',
      source: remoteAddressText(from),
      conclude,
      answer: (data, answeredAt) => {
        if (isChange(action)) session?.requests.remember(kept, data, answeredAt);
        else session?.requests.forget(kept);
        answer(data);
      },
    };
    const crossed = this.#work.justEnded(action, waiter, now);
    if (crossed !== undefined) {
      answer(conclude(crossed));
      return;
    }
    this.#work.moveOn(session);
    if (this.#begin(action, waiter, now) === 'busy') answer(completionCodeOnly('nodeBusy'));
    else session?.requests.begin(kept);
  }

  /** Starts an action on the BMC's own account; `cause` is for its event. */
  start(action: DomainAction, now: number, cause?: string): void {
    this.#begin(action, undefined, now, cause);
  }

  /** Asks libvirt for what is not known, now and whenever it seems to answer again. */
  inspectDomain(now: number): void {
    this.#looksForItself = true;
    this.#learnWhatIsMissing(now);
  }

  /** Takes the boot flags that the domain's definition has, unless a change of ours may have made it another one. */
  takeBootFlags(bootFlags: BootFlags | undefined, now: number): void {
    const device = this.#device;
    if (device.bootFlagsAreKnown) return;
    if (this.#work.change === undefined) device.learnBootFlags(bootFlags);
    else this.inspectDomain(now);
  }

  /** Takes what the domain watch tells. */
  takeDomainState(state: DomainState, event: DomainEvent | undefined, now: number): void {
    this.#news.take(state, event, this.#work.change, now);
    this.#followUp(now);
    if (this.#looksForItself) this.#learnWhatIsMissing(now);
  }

  finish(id: number, outcome: DomainActionOutcome, now: number): void {
    const finished = this.#work.finish(id, outcome, now);
    if (finished === undefined) return;
    if (!finished.outdated) learnFromOutcome(this.#device, finished.action, outcome, now);
    for (const waiter of finished.waiters) waiter.answer(waiter.conclude(outcome), now);
    // A first look that fails has changed nothing: the domain cannot be read.
    const isRead = !isChange(finished.action) || (finished.cause === FIRST_LOOK && !outcome.ok);
    if (isRead) this.#reportReadability(outcome);
    else this.#reportChange(finished, outcome, now);
    if (outcome.ok && finished.action.kind === 'readDomainState') this.#learnWhatIsMissing(now);
    this.#followUp(now);
  }

  expire(now: number): void {
    this.#work.expire(now);
    if (bootFlagsHaveExpired(this.#device.bootOptions, now)) {
      this.start({ kind: 'setBootFlags', bootFlags: noBootFlags }, now);
    }
  }

  #followUp(now: number): void {
    if (this.#work.change !== undefined) return;
    const followUp = this.#news.nextFollowUp();
    if (followUp !== undefined) this.start(followUp.action, now, followUp.cause);
  }

  /** libvirt answers (again): asks for what it has not told yet. */
  #learnWhatIsMissing(now: number): void {
    const { guidIsKnown, bootFlagsAreKnown } = this.#device;
    if (!guidIsKnown) this.start({ kind: 'readUuid' }, now);
    const isLooking = this.#work.change?.kind === 'recoverBootOverride';
    if (!bootFlagsAreKnown && !isLooking) this.#news.lookAtBootOverride();
    this.#followUp(now);
  }

  #begin(
    action: DomainAction,
    waiter: Waiter | undefined,
    now: number,
    cause?: string,
  ): 'shared' | 'busy' | 'started' {
    const joined = this.#work.join(action, waiter, now, cause);
    if (typeof joined === 'string') return joined;
    this.#emit({ kind: 'domainAction', id: joined.id, action });
    return 'started';
  }

  #reportChange(finished: RunningAction, outcome: DomainActionOutcome, now: number): void {
    if (isFollowUp(finished.action) && outcome.ok && !didSomething(outcome.facts)) return;
    this.#emit({
      kind: 'event',
      event: {
        kind: 'domainActionFinished',
        action: finished.action.kind,
        description: describeAction(finished.action),
        user: finished.requester?.user ?? '',
        source: finished.requester?.source ?? finished.cause ?? '',
        durationMs: now - finished.startedAt,
        ...(outcome.ok ? {} : { failure: outcome.failure }),
        ...(finished.answeredLate ? { late: true as const } : {}),
      },
    });
  }

  #reportReadability(outcome: DomainActionOutcome): void {
    const kind = outcome.ok ? undefined : outcome.failure.kind;
    if (kind === this.#unreadable) return;
    this.#unreadable = kind;
    if (!outcome.ok)
      this.#emit({ kind: 'event', event: { kind: 'domainUnreadable', failure: outcome.failure } });
  }
}
