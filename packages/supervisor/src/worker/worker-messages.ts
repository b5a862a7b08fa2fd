/** What each message of a worker causes. */
import type { BmcConfiguration, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { WorkerReports } from '../status/worker-reports.ts';
import { describeBindFailure } from './bind-failure.ts';
import type { BindRetries } from './bind-retries.ts';
import type { DomainLink } from './domain-link.ts';
import type { GuessingSources } from './guessing-sources.ts';
import type { LifecycleInput } from './worker-lifecycle.ts';
import type { WorkerRequests } from './worker-requests.ts';

export interface WorkerMessagesOptions {
  readonly reports: WorkerReports;
  readonly requests: WorkerRequests;
  readonly domainLink: DomainLink;
  readonly bindRetries: BindRetries;
  readonly guessingSources: GuessingSources | undefined;
  /** That of the present worker. */
  readonly configuration: () => BmcConfiguration;
  /** Moves the worker's life cycle on. */
  readonly take: (input: LifecycleInput) => void;
}

export class WorkerMessages {
  readonly #options: WorkerMessagesOptions;

  constructor(options: WorkerMessagesOptions) {
    this.#options = options;
  }

  receive(received: WorkerMessage): void {
    const { bindRetries, configuration, domainLink, guessingSources, reports, requests, take } =
      this.#options;
    switch (received.type) {
      case 'ready': {
        bindRetries.succeeded();
        const message = `BMC answers on ${received.address} port ${received.port}/udp`;
        reports.log('info', message, { event: 'bmcReady' });
        take('workerReady');
        break;
      }
      case 'bindFailed': {
        const { address, port } = configuration();
        void bindRetries.failed({ code: received.code, detail: received.message, address, port });
        take('workerBindFailed');
        break;
      }
      case 'addressNotBound': {
        const { address, code } = received;
        const why = describeBindFailure({ code, detail: code, address, port: configuration().port });
        reports.log('warn', `BMC does not answer on ${address}: ${why}`, { event: 'addressNotBound' });
        break;
      }
      case 'events':
        for (const event of received.events) reports.event(event);
        domainLink.noteEvents(received.events);
        break;
      case 'virshCall':
        reports.virshCall(received);
        break;
      case 'loginFailures':
        guessingSources?.note(configuration().name, received.failures);
        break;
      case 'unansweredCalls':
        domainLink.noteUnanswered(received);
        break;
      case 'startUnderWay':
        domainLink.noteStart(received.isSo === true);
        break;
      case 'powerRestorePolicy':
        void domainLink.storePolicy(received);
        break;
      case 'owedStartDestroys':
        domainLink.noteDestroy();
        break;
      case 'owedStart':
      case 'owedStartEnded':
        void domainLink.noteOwedStart(received);
        break;
      default:
        requests.answer(received);
    }
  }
}
