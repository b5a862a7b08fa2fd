/** The link of one BMC to its device, with a domain watch and a worker that the test plays. */
import type {
  BmcConfiguration,
  DomainEvent,
  DomainState,
  LogFact,
  SupervisorMessage,
} from '@vbmc/bmc-worker/ipc';
import type { WatchSubscriber } from '#supervisor/domain-watch/watch-subscribers.ts';
import type { IpmiUsers } from '#supervisor/ipmi-users/ipmi-users.ts';
import { ClientSettings } from '#supervisor/worker/client-settings.ts';
import { WorkerRequests } from '#supervisor/worker/worker-requests.ts';
import { VirtualClock } from './virtual-clock.ts';
import { quietSubscription } from './quiet-subscription.ts';

export const deviceConfiguration: BmcConfiguration = {
  ...{ name: 'node-0', domainName: 'node-0', address: '::', port: 623, connectionUri: 'test:///default' },
  ...{ cipherSuites: [17], userChanges: true },
  users: [{ name: 'admin', password: 'secret', privilege: 'administrator' }],
};

export interface DeviceLinkScene {
  readonly clock: VirtualClock;
  readonly link: ClientSettings;
  readonly sent: SupervisorMessage[];
  readonly log: { readonly message: string; readonly event: unknown }[];
  /** What was added to the event log. */
  readonly recorded: LogFact[];
  readonly configure: (changed: Partial<BmcConfiguration>) => void;
  /** Who watches the domain. */
  readonly watching: Set<WatchSubscriber>;
  readonly tellDomain: (domainState: DomainState, event?: DomainEvent) => void;
}

export function deviceLinkScene(ipmiUsers?: IpmiUsers): DeviceLinkScene {
  const clock = new VirtualClock();
  const sent: SupervisorMessage[] = [];
  const log: DeviceLinkScene['log'] = [];
  const recorded: LogFact[] = [];
  const watching = new Set<WatchSubscriber>();
  const send = (message: SupervisorMessage): void => void sent.push(message);
  let configuration = deviceConfiguration;
  const link = new ClientSettings({
    record: (fact) => void recorded.push(fact),
    ...{ clock, send, requests: new WorkerRequests(clock, send) },
    ...(ipmiUsers !== undefined && { ipmiUsers }),
    configuration: () => configuration,
    reports: {
      log: (_level, message, fields) => void log.push({ message, event: fields?.event }),
    },
    domainUpdates: {
      subscribe: (_uri, subscriber) => {
        watching.add(subscriber);
        return { ...quietSubscription, end: () => void watching.delete(subscriber) };
      },
    },
  });
  return {
    ...{ clock, link, sent, log, recorded, watching },
    configure: (changed) => {
      configuration = { ...configuration, ...changed };
    },
    tellDomain: (domainState, event) => {
      for (const { take } of [...watching]) take({ domainState }, event);
    },
  };
}
