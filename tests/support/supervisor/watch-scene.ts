import { DomainWatches } from '#supervisor/domain-watch/domain-watches.ts';
import type { Subscription } from '#supervisor/domain-watch/watch-subscribers.ts';
import { scriptedVirsh, type ScriptedVirsh } from './scripted-virsh.ts';
import { VirtualClock } from './virtual-clock.ts';

export const URI = 'qemu:///system';

function domstats(...states: readonly NumberedState[]): string[] {
  return states.flatMap(([name, state]) => [
    `Domain: '${name}'`,
    `  state.state=${state}`,
    '  state.reason=1',
  ]);
}

/** The UUID of a domain with this name. */
export function uuidOf(name: string): string {
  return `12345678-9abc-def0-1122-${Buffer.from(name).toString('hex').padStart(12, '0')}`;
}

/** A domain and its state as virsh numbers it; `transient`: it has no definition. */
type NumberedState = readonly [name: string, state: number, persistence?: 'transient'];

export interface WatchScene {
  readonly clock: VirtualClock;
  readonly streams: readonly ScriptedVirsh[];
  readonly snapshots: readonly ScriptedVirsh[];
  readonly surveys: readonly ScriptedVirsh[];
  readonly traits: readonly ScriptedVirsh[];
  /** Single questions, by what they ask for: a UUID or a name. */
  readonly questions: readonly ScriptedVirsh[];
  /** Answers the question about a domain that is still open, with libvirt's word for the state. */
  readonly answer: (domainName: string, state?: string) => void;
  /** The domains with an open question, in the order of their questions. */
  readonly asked: () => readonly string[];
  readonly logged: readonly string[];
  /** `DOMAIN STATE EVENT` */
  readonly published: readonly string[];
  readonly uuids: ReadonlyMap<string, string>;
  /** The UUID with each of `published`; undefined: without one. */
  readonly publishedUuids: readonly (string | undefined)[];
  /** When the question was asked that each state of `published` answers; undefined: an event tells the state, or it is unknown. */
  readonly askedAt: readonly (number | undefined)[];
  /** `DOMAIN ELEMENT` */
  readonly overrides: readonly string[];
  readonly watches: DomainWatches;
  readonly subscribe: (domainName?: string, libvirtAuthFile?: string) => () => void;
  /** The worker of the latest BMC of this domain reports what libvirt owes it. */
  readonly report: (domainName: string, verb?: string) => void;
  /** The same worker begins a start, or has the answer to it. */
  readonly reportStart: (domainName: string, isUnderWay: boolean) => void;
  /** `DOMAIN true|false`: whether a question about all domains would have to wait. */
  readonly allUnanswered: readonly string[];
  readonly connect: () => void;
  readonly snapshot: (...states: readonly NumberedState[]) => void;
  readonly snapshotTwice: (...states: readonly NumberedState[]) => void;
  /** Up, with `a` off, and confirmed often enough. */
  readonly up: () => void;
  /** Empties `published`. */
  readonly forget: () => void;
  readonly stream: () => ScriptedVirsh;
  readonly latestSnapshot: () => ScriptedVirsh;
  readonly latestSurvey: () => ScriptedVirsh;
}

/** The domain watches with a scripted virsh. */
export function watchScene(): WatchScene {
  const clock = new VirtualClock();
  const { followVirsh, streams, snapshots, surveys, questions, traits } = scriptedVirsh();
  const logged: string[] = [];
  const watches = new DomainWatches({
    clock,
    random: () => 0,
    log: (level, message) => logged.push(`${level} ${message}`),
    followVirsh,
  });
  const last = (list: readonly ScriptedVirsh[]): ScriptedVirsh => {
    const virsh = list.at(-1);
    if (virsh === undefined) throw new Error('no virsh was started');
    return virsh;
  };
  const published: string[] = [];
  const uuids = new Map<string, string>();
  const publishedUuids: (string | undefined)[] = [];
  const askedAt: (number | undefined)[] = [];
  const overrides: string[] = [];
  const allUnanswered: string[] = [];
  const subscriptions = new Map<string, Subscription>();
  const subscribe = (domainName = 'a', libvirtAuthFile?: string): (() => void) => {
    const subscription = watches.subscribe(URI, {
      domainName,
      libvirtAuthFile,
      take: (known, event, uuid) => {
        published.push(`${domainName} ${known?.domainState ?? 'unknown'} ${event ?? ''}`.trimEnd());
        askedAt.push(known?.askedAtMs);
        if (uuid !== undefined) uuids.set(domainName, uuid);
        publishedUuids.push(uuid);
      },
      takeAllUnanswered: (isSo) => allUnanswered.push(`${domainName} ${isSo}`),
      takeDefinitionChange: () => published.push(`${domainName} definition changed`),
      takeUnanswered: (forMs) => published.push(`${domainName} unanswered ${forMs}`),
      takeBootOverride: (element) => overrides.push(`${domainName} ${element ?? 'unknown'}`),
    });
    subscriptions.set(domainName, subscription);
    return () => {
      subscription.end();
    };
  };
  const asks = (virsh: ScriptedVirsh, domainName: string): boolean =>
    [domainName, uuidOf(domainName)].includes(virsh.command.args.at(-1) ?? '');
  const connect = (): void => {
    last(streams).prints('host', 'host');
    clock.advance(100);
  };
  const snapshot = (...states: readonly NumberedState[]): void => {
    const transient = states.filter(([, , persistence]) => persistence === 'transient');
    last(snapshots).prints(
      ...states.map(([name]) => `${uuidOf(name)} ${name}`),
      ...transient.map(([name]) => uuidOf(name)),
      ...domstats(...states),
    );
    last(snapshots).ends();
  };
  const snapshotTwice: typeof snapshot = (...states) => {
    snapshot(...states);
    clock.advance(2_000);
    snapshot(...states);
  };
  const up = (): void => {
    subscribe();
    connect();
    snapshotTwice(['a', 5]);
    for (const resyncMs of [2_000, 4_000, 8_000, 16_000, 30_000]) {
      clock.advance(resyncMs);
      snapshot(['a', 5]);
    }
    published.length = 0;
    snapshots.length = 0;
  };
  return {
    ...{
      clock,
      streams,
      snapshots,
      surveys,
      traits,
      logged,
      published,
      uuids,
      publishedUuids,
      askedAt,
      overrides,
      allUnanswered,
      watches,
    },
    ...{ subscribe, connect, snapshot, snapshotTwice, up, questions },
    forget: () => {
      published.length = 0;
    },
    report: (domainName, verb) => {
      subscriptions.get(domainName)?.noteUnanswered(verb === undefined ? undefined : { verb, forMs: 20_000 });
    },
    reportStart: (domainName, isUnderWay) => {
      subscriptions.get(domainName)?.noteStart(isUnderWay);
    },
    answer: (domainName, state) => {
      const virsh = questions.findLast((one) => one.runs && asks(one, domainName));
      if (virsh === undefined) throw new Error(`${domainName} is not asked`);
      if (state === undefined) virsh.complains('error: failed to get domain');
      else virsh.prints(state);
      virsh.ends(state === undefined ? 'virsh ended with exit code 1' : undefined);
    },
    asked: () =>
      questions
        .filter(({ runs }) => runs)
        .map((virsh) => [...subscriptions.keys()].find((domainName) => asks(virsh, domainName)) ?? '?'),
    stream: () => last(streams),
    latestSnapshot: () => last(snapshots),
    latestSurvey: () => last(surveys),
  };
}
