import { join } from 'node:path';
import type {
  BmcConfiguration,
  DomainState,
  PowerRestorePolicy,
  SupervisorMessage,
} from '#worker/ipc/protocol.ts';
import type { WatchSubscriber } from '#supervisor/domain-watch/watch-subscribers.ts';
import { OwedStarts } from '#supervisor/owed-starts/owed-starts.ts';
import { PowerRestore } from '#supervisor/power-restore/power-restore.ts';
import { DomainLink } from '#supervisor/worker/domain-link.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { VirtualClock } from './virtual-clock.ts';

export const configuration: BmcConfiguration = {
  name: 'node-0',
  domainName: 'vm-0',
  address: '::',
  port: 623,
  connectionUri: 'qemu:///system',
  cipherSuites: [17, 3],
  users: [],
};

export const owed = {
  ...{ description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' },
  uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
};

export interface DomainLinkScene {
  readonly sent: SupervisorMessage[];
  readonly subscribers: ReadonlySet<WatchSubscriber>;
  readonly link: DomainLink;
  /** The domain watch reports this. */
  readonly tell: WatchSubscriber['take'];
  /** What the worker says that libvirt does not answer. */
  readonly noted: unknown[];
  /** What the keeper of the power restore policies is told. */
  readonly told: unknown[];
  readonly clock: VirtualClock;
  /** Where the notes of the starts that are owed are. */
  readonly notesDirectory: string;
}

/** A link with notes on disk, whose messages, subscribers and power-ups are recorded. `due`: the states in which the domain has to be powered up. */
export async function domainLinkScene(due: readonly DomainState[] = []): Promise<DomainLinkScene> {
  const sent: SupervisorMessage[] = [];
  const subscribers = new Set<WatchSubscriber>();
  const stored = await PowerRestore.open({
    stateDirectory: temporaryDirectory(),
    clock: new VirtualClock(),
    log: () => undefined,
  });
  const told: unknown[] = [];
  const powerRestore = {
    policyOf: (name: string) => stored.policyOf(name),
    setPolicy: async (name: string, policy: PowerRestorePolicy) => stored.setPolicy(name, policy),
    mayPowerUp: () => due.length > 0,
    saw: (_name: string, state: DomainState) => due.includes(state),
    ended: (name: string) => told.push(['ended', name]),
    release: (name: string) => told.push(['release', name]),
    callOff: (name: string) => {
      told.push(['callOff', name]);
      return Promise.resolve(due.length > 1 ? 'EROFS' : undefined);
    },
  };
  const notesDirectory = join(temporaryDirectory(), 'state');
  const owedStarts = await OwedStarts.open({
    stateDirectory: notesDirectory,
    clock: new VirtualClock(),
    log: () => undefined,
    hasBmc: () => true,
  });
  const noted: unknown[] = [];
  const domainUpdates = {
    subscribe: (_uri: string, subscriber: WatchSubscriber) => {
      subscribers.add(subscriber);
      return {
        noteUnanswered: (call: unknown) => noted.push(call),
        noteStart: (isUnderWay: boolean) => noted.push({ isUnderWay }),
        trouble: () => undefined,
        facts: () => ({}),
        end: () => {
          subscribers.delete(subscriber);
        },
      };
    },
  };
  const clock = new VirtualClock();
  const link = new DomainLink('node-0', { domainUpdates, powerRestore, owedStarts, clock }, (message) =>
    sent.push(message),
  );
  const tell: WatchSubscriber['take'] = (...news) => {
    for (const { take } of subscribers) take(...news);
  };
  return { sent, subscribers, link, tell, noted, told, clock, notesDirectory };
}
