/** Asks libvirt for the state of one domain after the other. */
import type { DomainState } from '@vbmc/bmc-worker/ipc';
import {
  isAmbiguousName,
  parseDomainState,
  type FollowVirsh,
  type VirshConnection,
} from '@vbmc/bmc-worker/libvirt';
import {
  MAXIMUM_OWED_QUESTIONS,
  MAXIMUM_SINGLE_BACK_OFF_MS,
  SINGLE_ANSWER_MS,
  SINGLE_ROUND_MS,
} from '../supervision/supervision-times.ts';
import type { Clock } from '../host/clock.ts';

export interface SingleListener {
  /** The question goes out. */
  asked(domainName: string): void;
  /** `undefined`: libvirt knows no such domain, or the question has failed. */
  answered(domainName: string, domainState: DomainState | undefined): void;
  /** There is no answer yet. `answered` follows. */
  overdue(domainName: string, forMs: number): void;
  /** Called once for each round that is not abandoned. */
  roundOver(): void;
}

export interface QuestionedConnection {
  readonly connection: () => VirshConnection;
  /** How long a new connection takes. */
  readonly handshakeMs: () => number;
  readonly uuidOf: (domainName: string) => string | undefined;
  /** libvirt owes somebody an answer about this domain, or may: it is not asked. */
  readonly isUnanswered: (domainName: string) => boolean;
}

/** A domain that has not answered in time. */
interface Slow {
  times: number;
  nextAtMs: number;
}

/**
 * A question that libvirt does not answer in time is left, because killing its virsh would not end it in libvirtd; the next
 * domain gets a virsh of its own. A domain that libvirt owes an answer about is not asked, and one that was slow rarely.
 */
export class SingleQuestions {
  readonly #followVirsh: FollowVirsh;
  readonly #clock: Clock;
  readonly #at: QuestionedConnection;
  readonly #listener: SingleListener;
  #round: string[] | undefined;
  /** Asked, and not answered yet. */
  readonly #open = new Set<string>();
  /** Of these, those that are overdue. */
  readonly #overdue = new Set<string>();
  readonly #slow = new Map<string, Slow>();
  readonly #askedAtMs = new Map<string, number>();

  constructor(
    { followVirsh, clock }: { readonly followVirsh: FollowVirsh; readonly clock: Clock },
    at: QuestionedConnection,
    listener: SingleListener,
  ) {
    this.#followVirsh = followVirsh;
    this.#clock = clock;
    this.#at = at;
    this.#listener = listener;
  }

  /** Whether libvirt owes an answer. */
  get isOwed(): boolean {
    return this.#overdue.size > 0;
  }

  /** Begins a round; the one before it is abandoned. */
  begin(domainNames: Iterable<string>): void {
    const askedAt = (domainName: string): number => this.#askedAtMs.get(domainName) ?? 0;
    // Those that were asked longest ago come first: a round may end early.
    this.#round = [...domainNames].sort((one, other) => askedAt(one) - askedAt(other));
    this.#clock.after(0, () => {
      this.#next();
    });
  }

  abandon(): void {
    this.#round = undefined;
  }

  /** Asks about one domain outside of a round. */
  ask(domainName: string): void {
    if (this.#open.has(domainName) || this.#at.isUnanswered(domainName)) return;
    if (this.#overdue.size >= MAXIMUM_OWED_QUESTIONS) return;
    this.#question(domainName);
  }

  #next(): void {
    const round = this.#round;
    // The question under way goes on with the round when it ends.
    if (round === undefined || this.#open.size > this.#overdue.size) return;
    while (round.length > 0 && this.#overdue.size < MAXIMUM_OWED_QUESTIONS) {
      const domainName = round.shift() ?? '';
      if (this.#mayAsk(domainName)) {
        this.#question(domainName);
        return;
      }
    }
    this.#round = undefined;
    this.#listener.roundOver();
  }

  #mayAsk(domainName: string): boolean {
    if (this.#open.has(domainName) || this.#at.isUnanswered(domainName)) return false;
    // virsh would take the name for an id or a UUID.
    if (this.#at.uuidOf(domainName) === undefined && isAmbiguousName(domainName)) return false;
    return (this.#slow.get(domainName)?.nextAtMs ?? 0) <= this.#clock.now();
  }

  #question(domainName: string): void {
    let state: DomainState | undefined;
    const startedAt = this.#clock.now();
    this.#open.add(domainName);
    this.#askedAtMs.set(domainName, startedAt);
    this.#listener.asked(domainName);
    const target = this.#at.uuidOf(domainName) ?? domainName;
    this.#followVirsh(
      { ...this.#at.connection(), args: ['domstate', '--reason', '--domain', target] },
      {
        line: (stream, line) => {
          if (stream === 'stdout') state ??= parseDomainState(line);
        },
        ended: () => {
          cancelDeadline();
          this.#open.delete(domainName);
          if (!this.#overdue.delete(domainName)) this.#slow.delete(domainName);
          this.#listener.answered(domainName, state);
          this.#next();
        },
      },
    );
    const cancelDeadline = this.#clock.after(SINGLE_ANSWER_MS + this.#at.handshakeMs(), () => {
      this.#overdue.add(domainName);
      this.#noteSlow(domainName);
      this.#listener.overdue(domainName, this.#clock.now() - startedAt);
      this.#next();
    });
  }

  #noteSlow(domainName: string): void {
    const times = (this.#slow.get(domainName)?.times ?? 0) + 1;
    const pauseMs = Math.min(SINGLE_ROUND_MS * 2 ** (times - 1), MAXIMUM_SINGLE_BACK_OFF_MS);
    this.#slow.set(domainName, { times, nextAtMs: this.#clock.now() + pauseMs });
  }
}
