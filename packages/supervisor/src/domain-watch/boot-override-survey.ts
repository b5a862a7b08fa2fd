/**
 * Looks for boot overrides on behalf of workers that have just started. One virsh asks for many domains. Each worker
 * would need one of its own, and memory for the library that starts it.
 */
import type { FollowVirsh, Kill, VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import { SNAPSHOT_DEADLINE_MS } from '../supervision/supervision-times.ts';
import { lastAsked, readSurvey, surveyCommands } from './override-answers.ts';
import type { WatchSubscriber } from './watch-subscribers.ts';

/** The commands for 100 domains are 12 kB; Linux allows 128 kB in one argument. libvirt answers within 60 ms. */
const DOMAINS_AT_A_TIME = 100;
/** An element has some ten lines. The domains whose lines are cut off count as unanswered. */
const MAXIMUM_LINES = 10_000;
/** Each keeps one of libvirtd's workers. */
const MAXIMUM_OVERDUE = 2;

export interface SurveyedConnection {
  readonly connection: () => VirshConnection;
  /** How long a new connection takes. */
  readonly handshakeMs: () => number;
  /** Whether libvirt answers. */
  readonly isTrusted: () => boolean;
  /** Whether it owes an answer about this domain, or may. */
  readonly isUnanswered: (domainName: string) => boolean;
  readonly uuidOf: (domainName: string) => string | undefined;
}

export interface SurveyListener {
  /** libvirt does not answer about a domain. `answered` follows. */
  overdue(domainName: string, forMs: number): void;
  answered(domainName: string): void;
}

type Subject = Required<Pick<WatchSubscriber, 'domainName' | 'takeBootOverride'>>;

function nothing(): void {
  return undefined;
}

export class BootOverrideSurvey {
  readonly #followVirsh: FollowVirsh;
  readonly #clock: Clock;
  readonly #at: SurveyedConnection;
  readonly #listener: SurveyListener;
  /** Not asked for yet, in the order in which they joined. */
  readonly #waiting = new Set<Subject>();
  /** Asked for by the virsh that is in time, with the UUIDs of their domains. There is one at a time. */
  readonly #asked = new Map<Subject, string>();
  /** Virsh that libvirt owes an answer. They are left running, because killing them would not end it. */
  #overdue = 0;
  #abandon = nothing;
  #hasBegun = false;

  constructor(
    { followVirsh, clock }: { readonly followVirsh: FollowVirsh; readonly clock: Clock },
    at: SurveyedConnection,
    listener: SurveyListener,
  ) {
    this.#followVirsh = followVirsh;
    this.#clock = clock;
    this.#at = at;
    this.#listener = listener;
  }

  get isOwed(): boolean {
    return this.#overdue > 0;
  }

  /** Calls `takeBootOverride` once, unless the returned function is called before. */
  join(subject: Subject): () => void {
    this.#waiting.add(subject);
    this.askNext();
    return () => {
      this.#waiting.delete(subject);
      if (!this.#asked.delete(subject) || this.#asked.size > 0) return;
      // All subjects of the running virsh have left.
      this.#abandon();
      this.askNext();
    };
  }

  /** No virsh runs before this call, so that the survey does not delay the start of the BMCs. */
  begin(): void {
    this.#hasBegun = true;
    this.askNext();
  }

  /** Asks for the next domains. To be called when libvirt answers again. */
  askNext(): void {
    if (!this.#hasBegun || !this.#at.isTrusted() || this.#asked.size > 0) return;
    if (this.#overdue >= MAXIMUM_OVERDUE) return;
    const subjects = [...this.#waiting].filter(({ domainName }) => !this.#at.isUnanswered(domainName));
    for (const subject of subjects.slice(0, DOMAINS_AT_A_TIME)) {
      this.#waiting.delete(subject);
      const uuid = this.#at.uuidOf(subject.domainName);
      if (uuid === undefined) subject.takeBootOverride(undefined);
      else this.#asked.set(subject, uuid);
    }
    // Two BMCs may share one domain.
    if (this.#asked.size > 0) this.#ask([...new Set(this.#asked.values())]);
    else if (subjects.length > 0) this.askNext();
  }

  #ask(uuids: readonly string[]): void {
    const lines: string[] = [];
    const complaints: string[] = [];
    let abandoned = false;
    /** The domain about which libvirt does not answer. */
    let stuckAt: string | undefined;
    const settle = (): void => {
      if (stuckAt === undefined) return;
      const domainName = stuckAt;
      stuckAt = undefined;
      this.#overdue -= 1;
      this.#listener.answered(domainName);
      this.askNext();
    };
    const kill: Kill = this.#followVirsh(
      { ...this.#at.connection(), args: [surveyCommands(uuids)] },
      {
        line: (stream, line) => {
          if (stuckAt !== undefined && lastAsked(uuids, [line]) !== undefined) {
            // libvirt has answered, and another virsh has asked for the domains that follow.
            kill();
            settle();
            return;
          }
          const kept = stream === 'stdout' ? lines : complaints;
          if (kept.length < MAXIMUM_LINES) kept.push(line);
        },
        // The exit code says nothing: it is that of the last command.
        ended: () => {
          cancelDeadline();
          settle();
          if (!abandoned) this.#conclude(readSurvey(uuids, lines, complaints), undefined);
        },
      },
    );
    const cancelDeadline = this.#clock.after(SNAPSHOT_DEADLINE_MS + this.#at.handshakeMs(), () => {
      if (abandoned) return;
      abandoned = true;
      const uuid = lastAsked(uuids, lines);
      stuckAt = [...this.#asked].find(([, asked]) => asked === uuid)?.[0].domainName;
      if (stuckAt !== undefined) {
        this.#overdue += 1;
        this.#listener.overdue(stuckAt, SNAPSHOT_DEADLINE_MS);
      }
      this.#conclude(readSurvey(uuids, lines, complaints), uuid);
    });
    this.#abandon = () => {
      abandoned = true;
    };
  }

  /** `stuckAt`: the UUID of the domain about which libvirt does not answer; those after it have not been asked for. */
  #conclude(elements: ReadonlyMap<string, string>, stuckAt: string | undefined): void {
    const asked = [...this.#asked];
    this.#asked.clear();
    const uuids = [...new Set(asked.map(([, uuid]) => uuid))];
    const unasked = new Set(stuckAt === undefined ? [] : uuids.slice(uuids.indexOf(stuckAt)));
    for (const [subject, uuid] of asked) {
      const element = elements.get(uuid);
      // libvirt has gone away, or waits for a domain: ask again later.
      const asksAgain = element === undefined && (unasked.has(uuid) || !this.#at.isTrusted());
      if (asksAgain) this.#waiting.add(subject);
      else subject.takeBootOverride(element);
    }
    this.askNext();
  }
}
