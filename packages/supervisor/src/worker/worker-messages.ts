/** What each message of a worker causes. */
import type { BmcConfiguration, SensorFacts, StartCause, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { WorkerReports } from '../status/worker-reports.ts';
import type { Recording } from '../event-log/recording.ts';
import type { AddressLink } from './address-link.ts';
import type { BindRetries } from './bind-retries.ts';
import type { ClientSettings } from './client-settings.ts';
import type { DeviceLink } from './device-link.ts';
import type { DomainLink } from './domain-link.ts';
import type { GuessingSources } from './guessing-sources.ts';
import type { LogLink } from './log-link.ts';
import type { LifecycleInput } from './worker-lifecycle.ts';
import type { WorkerRequests } from './worker-requests.ts';

export interface WorkerMessagesOptions {
  readonly reports: WorkerReports;
  readonly requests: WorkerRequests;
  readonly domainLink: DomainLink;
  readonly deviceLink: DeviceLink;
  readonly logLink: LogLink;
  readonly clientSettings: Pick<ClientSettings, 'take' | 'noteEvents' | 'watchdog'>;
  readonly addressLink: AddressLink;
  readonly bindRetries: BindRetries;
  /** `undefined`: there is no event log. */
  readonly recording: Recording | undefined;
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

  /** What the domain watch knows, and what is kept for the BMC. */
  get #sensorFacts(): SensorFacts {
    const { clientSettings, domainLink, recording } = this.#options;
    const fill = recording?.log.fill;
    return {
      ...domainLink.sensorFacts,
      watchdog: clientSettings.watchdog,
      ...(fill !== undefined && { log: fill }),
    };
  }

  receive(received: WorkerMessage): void {
    const {
      addressLink,
      bindRetries,
      clientSettings,
      configuration,
      deviceLink,
      domainLink,
      guessingSources,
      logLink,
      recording,
      reports,
      requests,
      take,
    } = this.#options;
    const chronicle = recording?.chronicle;
    switch (received.type) {
      case 'ready': {
        bindRetries.succeeded();
        const where = hostNameWith(received.address, addressLink);
        const message = `BMC answers on ${where} port ${received.port}/udp`;
        reports.log('info', message, { event: 'bmcReady' });
        take('workerReady');
        break;
      }
      case 'bindFailed': {
        const { code, message: detail, address } = received;
        void bindRetries.failed({ code, detail, address, port: configuration().port });
        take('workerBindFailed');
        break;
      }
      case 'addressNotBound': {
        const { address, code } = received;
        const why = addressLink.noteUnbound(address, code);
        if (why === undefined) break;
        reports.log('warn', `BMC does not answer on ${address}: ${why}`, { event: 'addressNotBound' });
        break;
      }
      case 'addressBound':
        addressLink.noteBound(received.address);
        break;
      case 'events':
        for (const event of received.events) reports.event(event);
        domainLink.noteEvents(received.events);
        chronicle?.noteEvents(received.events);
        clientSettings.noteEvents(received.events);
        break;
      case 'virshCall':
        reports.virshCall(received);
        if (received.verb === 'reset') chronicle?.noteReset(undefined);
        if (received.verb === 'inject-nmi' && received.outcome === 'ok') chronicle?.noteNmi();
        break;
      case 'loginFailures':
        guessingSources?.note(configuration().name, received.failures);
        break;
      case 'unansweredCalls':
        domainLink.noteUnanswered(received);
        break;
      case 'startUnderWay':
        domainLink.noteStart(received.isSo === true);
        chronicle?.noteStart(startCauseOf(received, domainLink));
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
      case 'identify':
        deviceLink.setIdentify(received);
        break;
      case 'readSensors':
        deviceLink.tellSensors(received, this.#sensorFacts);
        break;
      case 'readLan':
        void deviceLink.readLan(received);
        break;
      case 'readEventLog':
      case 'addLogRecord':
      case 'deleteLogEntry':
      case 'clearEventLog':
      case 'setLogTime':
      case 'readDomainRun':
        void logLink.serve(received);
        break;
      case 'resetUnderWay':
        chronicle?.noteReset(received.byWatchdog === true ? 'watchdog' : 'command');
        break;
      case 'userChange':
      case 'watchdogSet':
      case 'watchdogStart':
      case 'watchdogRead':
        clientSettings.take(received);
        break;
      default:
        requests.answer(received);
    }
  }
}

/** `undefined`: the worker has no start under way. */
function startCauseOf(
  { isSo, byWatchdog }: Extract<WorkerMessage, { type: 'startUnderWay' }>,
  { startCause }: DomainLink,
): StartCause | undefined {
  if (isSo !== true) return undefined;
  return byWatchdog === true ? 'watchdog' : startCause;
}

/** A host name with the addresses that the worker has bound. */
function hostNameWith(address: string, addressLink: AddressLink): string {
  if (addressLink.wanted().hostName === undefined) return address;
  const bound = addressLink.listening().filter(({ problem }) => problem === null);
  return `${address} (${bound.map((one) => one.address).join(', ')})`;
}
