/** What the worker of a subscriber reports to the domain watch of its connection. */
import type { Clock } from '../host/clock.ts';
import type { DomainQuestions } from './domain-questions.ts';
import { claimOf } from './worker-claim.ts';
import type { WatchedDomains } from './watched-domains.ts';
import type { Subscription, WatchSubscriber } from './watch-subscribers.ts';

export interface WorkerReportsOptions {
  readonly domains: WatchedDomains;
  readonly questions: DomainQuestions;
  readonly clock: Clock;
  /** A start takes long, or nobody waits for its end: a snapshot shows whether libvirt answers about the domain. */
  readonly lookSoon: () => void;
}

export function workerReports(
  subscriber: WatchSubscriber,
  options: WorkerReportsOptions,
): Omit<Subscription, 'trouble' | 'facts'> {
  const { domains, questions, clock, lookSoon } = options;
  const { domainName } = subscriber;
  const claim = claimOf(subscriber, domains.unanswered, clock);
  return {
    noteUnanswered: (call) => {
      domains.definitions.note(subscriber, call);
      if (call === undefined) claim.end();
      // An emulator may take long to start, or hang. A question about all domains may wait for another one.
      else if (call.verb === 'start') lookSoon();
      // It waits for another domain: libvirt answers about this one.
      else if (call.verb === 'define') questions.singles.ask(domainName);
      else if (call.verb !== 'domstats') claim.begin(call.verb, call.forMs);
    },
    noteStart: (isUnderWay) => {
      if (isUnderWay) {
        domains.starts.begin(domainName, subscriber, clock.now());
        return;
      }
      domains.endStart(domainName, subscriber);
      questions.survey.askNext();
    },
    end: () => {
      claim.end();
      domains.definitions.note(subscriber, undefined);
      domains.starts.leave(domainName, subscriber, clock.now());
      if (domains.starts.has(domainName)) lookSoon();
    },
  };
}
