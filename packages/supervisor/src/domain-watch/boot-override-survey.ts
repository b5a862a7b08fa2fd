/**
 * Looks for boot overrides on behalf of workers that have just started. One virsh asks for many domains. Each worker
 * would need one of its own, and memory for the library that starts it.
 */
import { readSurvey, surveyCommands } from './override-answers.ts';
import { SNAPSHOT_DEADLINE_MS } from '../supervision/supervision-times.ts';
import type { Clock } from '../host/clock.ts';
import type { FollowVirsh, VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { WatchSubscriber } from './watch-subscribers.ts';

/** The commands for 100 domains are 12 kB; Linux allows 128 kB in one argument. libvirt answers within 60 ms. */
const DOMAINS_AT_A_TIME = 100;
/** An element has some ten lines. The domains whose lines are cut off count as unanswered. */
const MAXIMUM_LINES = 10_000;

export interface SurveyedConnection {
  readonly connection: () => VirshConnection;
  /** Whether libvirt answers. */
  readonly isTrusted: () => boolean;
  readonly uuidOf: (domainName: string) => string | undefined;
}

type Subject = Pick<WatchSubscriber, 'domainName' | 'takeBootOverride'>;

export class BootOverrideSurvey {
  readonly #followVirsh: FollowVirsh;
  readonly #clock: Clock;
  readonly #at: SurveyedConnection;
  /** Not asked for yet, in the order in which they joined. */
  readonly #waiting = new Set<Subject>();
  /** Asked for by the running virsh, with the UUIDs of their domains. There is one virsh at a time. */
  readonly #asked = new Map<Subject, string>();
  #killVirsh = (): void => undefined;
  #hasBegun = false;

  constructor(
    { followVirsh, clock }: { readonly followVirsh: FollowVirsh; readonly clock: Clock },
    at: SurveyedConnection,
  ) {
    this.#followVirsh = followVirsh;
    this.#clock = clock;
    this.#at = at;
  }

  /** Calls `takeBootOverride` once, unless the returned function is called before. */
  join(subject: Subject): () => void {
    this.#waiting.add(subject);
    this.askNext();
    return () => {
      this.#waiting.delete(subject);
      if (!this.#asked.delete(subject) || this.#asked.size > 0) return;
      // All subjects of the running virsh have left.
      this.#killVirsh();
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
    for (const subject of [...this.#waiting].slice(0, DOMAINS_AT_A_TIME)) {
      this.#waiting.delete(subject);
      const uuid = this.#at.uuidOf(subject.domainName);
      if (uuid === undefined) subject.takeBootOverride(undefined);
      else this.#asked.set(subject, uuid);
    }
    // Two BMCs may share one domain.
    if (this.#asked.size > 0) this.#ask([...new Set(this.#asked.values())]);
    else if (this.#waiting.size > 0) this.askNext();
  }

  #ask(uuids: readonly string[]): void {
    const lines: string[] = [];
    const complaints: string[] = [];
    const end = (): void => {
      cancelDeadline();
      this.#conclude(readSurvey(uuids, lines, complaints));
    };
    const kill = this.#followVirsh(
      { ...this.#at.connection(), args: [surveyCommands(uuids)] },
      {
        line: (stream, line) => {
          const kept = stream === 'stdout' ? lines : complaints;
          if (kept.length < MAXIMUM_LINES) kept.push(line);
        },
        // The exit code says nothing: it is that of the last command.
        ended: end,
      },
    );
    const cancelDeadline = this.#clock.after(SNAPSHOT_DEADLINE_MS, () => {
      kill();
      end();
    });
    this.#killVirsh = () => {
      cancelDeadline();
      kill();
    };
  }

  #conclude(elements: ReadonlyMap<string, string>): void {
    const asked = [...this.#asked];
    this.#asked.clear();
    for (const [subject, uuid] of asked) {
      const element = elements.get(uuid);
      // libvirt has gone away: ask again when it is back.
      if (element === undefined && !this.#at.isTrusted()) this.#waiting.add(subject);
      else subject.takeBootOverride(element);
    }
    this.askNext();
  }
}
