import type { IpmiMessage } from '@vbmc/ipmi-codec';
import { limits } from '../terms/limits.ts';

interface Entry {
  readonly request: IpmiMessage;
  /** Undefined while the request is running. */
  answer: Uint8Array | undefined;
  answeredAt: number;
  /** How many requests the session had sent when this one was answered. */
  answeredAfter: number;
  answeredIn: DomainTimes | undefined;
}

/** What may have happened to the domain since an answer that reported success. */
export interface DomainTimes {
  /** How much others have done to the domain, as far as the BMC knows. */
  readonly news: number;
  /** How often the BMC has switched the domain off; absent where that contradicts nothing. */
  readonly powerOffs?: number;
}

/**
 * Remembers the running and the answered requests of one session, so that a retransmission (same rqSeq and content, new
 * session sequence number) does not run again. ipmitool retransmits after 1 s.
 *
 * There is one entry per rqSeq, of which there are 64. Another request with the same rqSeq shows that the remote
 * console no longer waits for the previous one.
 */
export class RequestCache {
  readonly #entries = new Map<number, Entry>();
  #requests = 0;

  /**
   * Returns `running` if the request has no answer yet, the bytes of its answer, or undefined for a new request. A recorded success
   * does not hold any more once others have done something to the domain: the request is a new one then. `overtaken`: this BMC has
   * switched the domain off since. A client that has not had its answer must not switch on a machine that another has just fenced,
   * and a client that asks anew must not be told of success.
   */
  find(
    request: IpmiMessage,
    now: number,
    present: Required<DomainTimes>,
  ): 'running' | 'overtaken' | Uint8Array | undefined {
    this.#requests += 1;
    const entry = this.#entries.get(request.rqSeq);
    if (entry === undefined) return undefined;
    if (!isSameRequest(entry.request, request)) {
      if (entry.answer !== undefined) this.#entries.delete(request.rqSeq);
      return undefined;
    }
    if (entry.answer === undefined) return 'running';
    const isRecent =
      now - entry.answeredAt <= limits.rememberedAnswerMs &&
      this.#requests - entry.answeredAfter <= limits.rememberedAnswerRequests;
    if (!isRecent) return undefined;
    const { answeredIn = present } = entry;
    const isOvertaken = answeredIn.powerOffs !== undefined && answeredIn.powerOffs !== present.powerOffs;
    if (!isOvertaken && answeredIn.news === present.news) return entry.answer;
    this.#entries.delete(request.rqSeq);
    return isOvertaken ? 'overtaken' : undefined;
  }

  /** The session has gone on to switch the domain off: it waits for no earlier answer any more. */
  forgetAnswers(): void {
    for (const [rqSeq, { answer }] of [...this.#entries])
      if (answer !== undefined) this.#entries.delete(rqSeq);
  }

  begin(request: IpmiMessage): void {
    const unanswered = { answer: undefined, answeredAt: 0, answeredAfter: 0, answeredIn: undefined };
    this.#entries.set(request.rqSeq, { request, ...unanswered });
  }

  /** Stores the answer to a request that `begin` recorded. `answeredIn`: for a success. */
  remember(request: IpmiMessage, answer: Uint8Array, now: number, answeredIn?: DomainTimes): void {
    const entry = this.#own(request);
    if (entry === undefined) return;
    entry.answer = answer;
    entry.answeredAt = now;
    entry.answeredAfter = this.#requests;
    entry.answeredIn = answeredIn;
  }

  forget(request: IpmiMessage): void {
    if (this.#own(request)) this.#entries.delete(request.rqSeq);
  }

  /** The entry of this request; undefined if a later request took its rqSeq. */
  #own(request: IpmiMessage): Entry | undefined {
    const entry = this.#entries.get(request.rqSeq);
    return entry?.request === request ? entry : undefined;
  }
}

function isSameRequest(a: IpmiMessage, b: IpmiMessage): boolean {
  return (
    a.toAddress === b.toAddress &&
    a.netFn === b.netFn &&
    a.toLun === b.toLun &&
    a.fromLun === b.fromLun &&
    a.command === b.command &&
    a.data.length === b.data.length &&
    a.data.every((byte, at) => byte === b.data[at])
  );
}
