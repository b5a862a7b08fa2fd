/** The domain watch of one connection: carries out the transition table with timers and virsh. */
import type { DomainEvent } from '@vbmc/bmc-worker/ipc';
import { DomainStates } from './domain-states.ts';
import { DomainUuids } from './domain-uuids.ts';
import {
  isTrusted,
  watchStep,
  type WatchAction,
  type WatchInput,
  type WatchState,
} from './watch-transitions.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';
import {
  SNAPSHOT_RESYNC_MS,
  SNAPSHOT_VERIFY_MS,
  WATCH_CONNECT_DEADLINE_MS,
} from '../supervision/supervision-times.ts';
import { settlingMs, watchBackOffMs } from './watch-times.ts';
import { BootOverrideSurvey } from './boot-override-survey.ts';
import { takeSnapshot } from './domain-snapshot.ts';
import { startEventStream } from './event-stream.ts';
import { isDefinitionChange, type VirshConnection, type VirshEvent } from '@vbmc/bmc-worker/libvirt';
import { WatchSubscribers, type WatchSubscriber } from './watch-subscribers.ts';
import { WatchLog } from './watch-log.ts';
import type { WatchDependencies } from './watch-dependencies.ts';

function nothing(): void {
  return undefined;
}

export class DomainWatch {
  readonly #connectionUri: string;
  readonly #dependencies: WatchDependencies;
  readonly #subscribers: WatchSubscribers;
  #state: WatchState = 'idle';
  #states = new DomainStates();
  readonly #uuids = new DomainUuids();
  readonly #survey: BootOverrideSurvey;
  #startedAtMs = 0;
  #attempts = 0;
  /** Failed attempts in a row. */
  #failures = 0;
  #settlingMs = 0;
  readonly #schedule = new SnapshotSchedule();
  /** The last event of each domain that arrived while the states were not trusted. */
  readonly #missed = new Map<string, DomainEvent>();
  readonly #log: WatchLog;
  #killStream = nothing;
  #killSnapshot = nothing;
  #cancelTimer = nothing;

  constructor(connectionUri: string, dependencies: WatchDependencies) {
    this.#connectionUri = connectionUri;
    this.#dependencies = dependencies;
    this.#log = new WatchLog(connectionUri, dependencies.log);
    this.#subscribers = new WatchSubscribers(dependencies.clock, SNAPSHOT_RESYNC_MS / 2, this.#uuids);
    this.#survey = new BootOverrideSurvey(dependencies, {
      connection: () => this.#connection(),
      isTrusted: () => isTrusted(this.#state),
      uuidOf: (domainName) => this.#uuids.get(domainName),
    });
  }

  get state(): WatchState {
    return this.#state;
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** Allows the watch to look for boot overrides: every BMC has had its time to start. */
  beginSurvey(): void {
    this.#survey.begin();
  }

  /** Publishes to the subscriber, a known state at once, until the returned function is called. */
  subscribe(subscriber: WatchSubscriber): () => void {
    const remove = this.#subscribers.add(subscriber);
    const leaveSurvey = this.#survey.join(subscriber);
    if (isTrusted(this.#state))
      this.#subscribers.publishTo(subscriber, this.#states.get(subscriber.domainName));
    this.#take('wanted');
    return () => {
      remove();
      leaveSurvey();
      if (this.#subscribers.isEmpty) this.#take('unwanted');
    };
  }

  #take(input: WatchInput): void {
    const { next, actions } = watchStep(this.#state, input);
    const changed = next !== this.#state;
    this.#state = next;
    for (const action of actions) this.#act(action);
    // `followVirsh` and the subscribers never call back synchronously, so the state is still `next`.
    if (changed) this.#startTimer(next);
  }

  /** How long a state may last; `undefined`: no limit. */
  #lifetimeMs(state: WatchState): number | undefined {
    switch (state) {
      case 'connecting':
        return WATCH_CONNECT_DEADLINE_MS;
      case 'settling':
        return this.#settlingMs;
      case 'trusted':
        return this.#schedule.dueInMs(this.#dependencies.clock.now());
      case 'backingOff':
        return watchBackOffMs(this.#failures, this.#dependencies.random);
      case 'pausing':
        return SNAPSHOT_VERIFY_MS;
      case 'idle':
      case 'verifying':
      case 'snapshotting':
      case 'resyncing':
        return undefined;
    }
  }

  #startTimer(state: WatchState): void {
    this.#cancelTimer();
    this.#cancelTimer = nothing;
    const delayMs = this.#lifetimeMs(state);
    if (delayMs === undefined) return;
    this.#cancelTimer = this.#dependencies.clock.after(delayMs, () => {
      if (state === 'connecting') this.#fail(`no connection after ${delayMs / 1000} s`);
      this.#take('timeOver');
    });
  }

  #act(action: WatchAction): void {
    switch (action) {
      case 'startStream':
        this.#startStream();
        break;
      case 'stopStream':
        this.#killStream();
        this.#killStream = nothing;
        break;
      case 'takeSnapshot':
        this.#takeSnapshot();
        break;
      case 'abandonSnapshot':
        this.#killSnapshot();
        this.#killSnapshot = nothing;
        break;
      case 'trust':
        this.#subscribers.publishAll((domainName) => this.#states.get(domainName));
        this.#publishMissed();
        this.#survey.askNext();
        break;
      case 'distrust':
        this.#subscribers.publishAll(() => undefined);
    }
  }

  #connection(): VirshConnection {
    // The credentials of any BMC do. If they fail, the next attempt takes those of another BMC.
    const files = this.#subscribers.authFiles();
    return {
      connectionUri: this.#connectionUri,
      libvirtAuthFile: files[this.#attempts % Math.max(1, files.length)],
    };
  }

  #startStream(): void {
    const { clock, followVirsh } = this.#dependencies;
    this.#attempts += 1;
    this.#startedAtMs = clock.now();
    this.#states = new DomainStates();
    this.#missed.clear();
    this.#schedule.restart();
    this.#killStream = startEventStream(followVirsh, this.#connection(), clock, {
      connected: (roundTripMs) => {
        this.#settlingMs = settlingMs(roundTripMs);
        this.#take('streamConnected');
      },
      event: (event) => {
        this.#takeEvent(event);
      },
      lost: (cause) => {
        this.#fail(cause);
        this.#take('streamLost');
      },
    });
  }

  #takeEvent(event: VirshEvent): void {
    if (isDefinitionChange(event)) this.#takeDefinitionChange(event.domainName, event.change);
    const change = this.#states.take(event);
    if (!isTrusted(this.#state)) {
      if (change?.event !== undefined) this.#missed.set(change.domainName, change.event);
      return;
    }
    if (change !== undefined) this.#subscribers.publish(change.domainName, change.domainState, change.event);
    if (event.kind === 'reboot') return;
    const isSooner = this.#schedule.event(this.#dependencies.clock.now());
    if (isSooner && this.#state === 'trusted') this.#startTimer('trusted');
  }

  #takeDefinitionChange(domainName: string, change: string): void {
    this.#uuids.forget(domainName);
    const isGone = change === 'Undefined' && this.#states.forgetIfOff(domainName);
    if (isTrusted(this.#state)) this.#subscribers.publishDefinitionChange(domainName, isGone);
  }

  /** Publishes the events that arrived before the states were trusted. */
  #publishMissed(): void {
    for (const [domainName, event] of this.#missed) {
      const domainState = this.#states.get(domainName);
      if (domainState !== undefined) this.#subscribers.publish(domainName, domainState, event);
    }
    this.#missed.clear();
  }

  #takeSnapshot(): void {
    this.#states.beginSnapshot();
    this.#uuids.beginSnapshot();
    this.#schedule.begin();
    this.#killSnapshot = takeSnapshot(this.#dependencies, this.#connection(), {
      taken: ({ states, uuids }) => {
        this.#killSnapshot = nothing;
        this.#states.endSnapshot(states);
        this.#uuids.endSnapshot(uuids);
        this.#succeed();
        this.#take('snapshotTaken');
      },
      failed: (cause) => {
        this.#killSnapshot = nothing;
        this.#fail(cause);
        this.#take('snapshotFailed');
      },
    });
  }

  #succeed(): void {
    if (this.#state === 'snapshotting') return;
    const now = this.#dependencies.clock.now();
    // Only now: a connection that breaks soon after each success must not be retried at once each time.
    if (this.#state === 'resyncing') this.#failures = 0;
    else this.#log.isUp(this.#states.size, now - this.#startedAtMs);
    this.#schedule.taken(now);
  }

  #fail(cause: string): void {
    this.#failures += 1;
    this.#log.isDown(cause);
  }
}
