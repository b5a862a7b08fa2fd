/** All that the domain watch of one connection asks libvirt about its domains, apart from the event stream. */
import type { SensorFacts } from '@vbmc/bmc-worker/ipc';
import type { VirshConnection } from '@vbmc/bmc-worker/libvirt';
import { BootOverrideSurvey } from './boot-override-survey.ts';
import { DomainSnapshots } from './domain-snapshot.ts';
import { TraitQuestions } from './trait-questions.ts';
import { SingleQuestions } from './single-questions.ts';
import type { WatchDependencies } from './watch-dependencies.ts';
import type { WatchedDomains } from './watched-domains.ts';

export interface QuestionsListener {
  readonly connection: () => VirshConnection;
  /** How long a new connection has taken last: no domain is to blame for that. */
  readonly handshakeMs: () => number;
  readonly isTrusted: () => boolean;
  /** A virsh whose outcome did not count any more has ended. */
  readonly overdueSnapshotEnded: () => void;
  readonly roundOver: () => void;
}

export class DomainQuestions {
  readonly snapshots: DomainSnapshots;
  readonly singles: SingleQuestions;
  readonly survey: BootOverrideSurvey;
  readonly traits: TraitQuestions;
  readonly #factsOf: (domainName: string) => SensorFacts;
  #hasBegun = false;

  constructor(dependencies: WatchDependencies, domains: WatchedDomains, listener: QuestionsListener) {
    this.#factsOf = (domainName) => domains.facts.of(domainName, dependencies.clock.now());
    const { connection, handshakeMs, isTrusted, overdueSnapshotEnded, roundOver } = listener;
    const { unanswered } = domains;
    const at = {
      connection,
      handshakeMs,
      isTrusted,
      uuidOf: (domainName: string) => domains.uuidOf(domainName),
      isUnanswered: (domainName: string) => domains.mustNotBeAsked(domainName),
    };
    this.snapshots = new DomainSnapshots(dependencies, handshakeMs, overdueSnapshotEnded);
    this.singles = new SingleQuestions(dependencies, at, {
      asked: (domainName) => {
        domains.beginQuestion(domainName);
      },
      answered: (domainName, domainState) => {
        domains.endQuestion(domainName, domainState, this.singles);
      },
      overdue: (domainName, forMs) => {
        unanswered.owe(domainName, this.singles, 'domstate', forMs);
      },
      roundOver,
    });
    this.survey = new BootOverrideSurvey(dependencies, at, {
      overdue: (domainName, forMs) => {
        unanswered.owe(domainName, this.survey, 'metadata', forMs);
      },
      answered: (domainName) => {
        unanswered.settle(domainName, this.survey);
      },
    });
    this.traits = new TraitQuestions(dependencies, {
      connection,
      isTrusted,
      lacking: () => domains.lackingTraits(),
      asked: (subject) => {
        domains.facts.ask(subject.domainName, subject, dependencies.clock.now());
      },
      take: (domainName, traits) => {
        domains.facts.answer(domainName, traits, dependencies.clock.now());
      },
    });
  }

  /** No virsh that is not needed for the state runs before this call: every BMC has had its time to start. */
  begin(): void {
    this.#hasBegun = true;
    this.survey.begin();
    this.askNext();
  }

  /** Asks for what is not asked for yet. To be called when libvirt answers, or answers again. */
  askNext(): void {
    this.survey.askNext();
    if (this.#hasBegun) this.traits.askNext();
  }

  /** What is known for the sensors of the domain. Libvirt is asked for the rest now, and for an hour. */
  sensorFacts(domainName: string): SensorFacts {
    const facts = this.#factsOf(domainName);
    if (this.#hasBegun) this.traits.askNext();
    return facts;
  }

  /** Whether a virsh of these waits for libvirt, or may. */
  get isOwed(): boolean {
    return this.snapshots.runs || this.singles.isOwed || this.survey.isOwed || this.traits.runs;
  }
}
