/**
 * Looks for boot overrides on behalf of workers that have just started: one virsh for many domains, where each worker
 * would need its own, and memory for the library that starts it.
 */
import { readSurvey, surveyCommands } from './override-answers.ts';
import { SNAPSHOT_DEADLINE_MS } from './watch-times.ts';
import type { Clock } from '../host/clock.ts';
import type { FollowVirsh, VirshConnection } from '@vbmc/bmc-worker/libvirt';
import type { WatchSubscriber } from './watch-audience.ts';

/** The words for 100 domains are 12 kB, of the 128 that Linux takes as one argument; libvirt answers within 60 ms. */
const DOMAINS_AT_A_TIME = 100;
/** An element has some ten; what is cut short tells of no domain behind the cut. */
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
  /** Not asked for yet, in the order in which they came. */
  readonly #waiting = new Set<Subject>();
  /** Asked for by the virsh that runs, with the UUIDs of their domains; one virsh at a time. */
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

  /** It is told once, unless the function returned is called before. */
  join(subject: Subject): () => void {
    this.#waiting.add(subject);
    this.goOn();
    return () => {
      this.#waiting.delete(subject);
      if (!this.#asked.delete(subject) || this.#asked.size > 0) return;
      // Nobody wants to know any more.
      this.#killVirsh();
      this.goOn();
    };
  }

  /** Nobody is asked for before this: a start is not to be held up. */
  begin(): void {
    this.#hasBegun = true;
    this.goOn();
  }

  /** To be called when libvirt answers again. */
  goOn(): void {
    if (!this.#hasBegun || !this.#at.isTrusted() || this.#asked.size > 0) return;
    for (const subject of [...this.#waiting].slice(0, DOMAINS_AT_A_TIME)) {
      this.#waiting.delete(subject);
      const uuid = this.#at.uuidOf(subject.domainName);
      if (uuid === undefined) subject.takeBootOverride(undefined);
      else this.#asked.set(subject, uuid);
    }
    // Two BMCs may be of one domain.
    if (this.#asked.size > 0) this.#ask([...new Set(this.#asked.values())]);
    else if (this.#waiting.size > 0) this.goOn();
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
          const heard = stream === 'stdout' ? lines : complaints;
          if (heard.length < MAXIMUM_LINES) heard.push(line);
        },
        // Its exit code is that of one domain.
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
      // libvirt has gone away: later.
      if (element === undefined && !this.#at.isTrusted()) this.#waiting.add(subject);
      else subject.takeBootOverride(element);
    }
    this.goOn();
  }
}
