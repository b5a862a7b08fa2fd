/** The domain watch of one connection: carries out what its table says, with real time and a real virsh. */
import type { DomainEvent } from '@vbmc/bmc-worker/ipc';
import { DomainStates } from './domain-states.ts';
import {
  isTrusted,
  watchStep,
  type WatchAction,
  type WatchInput,
  type WatchState,
} from './watch-transitions.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';
import { CONNECT_DEADLINE_MS, RESYNC_MS, settlingMs, VERIFY_MS, watchBackOffMs } from './watch-times.ts';
import { BootOverrideSurvey } from './boot-override-survey.ts';
import { takeSnapshot } from './domain-snapshot.ts';
import { startEventStream } from './event-stream.ts';
import type { VirshConnection, VirshEvent } from '@vbmc/bmc-worker/libvirt';
import { WatchAudience, type WatchSubscriber } from './watch-audience.ts';
import { WatchLog } from './watch-log.ts';
import type { WatchSurroundings } from './watch-surroundings.ts';

function nothing(): void {
  return undefined;
}

export class DomainWatch {
  readonly #connectionUri: string;
  readonly #surroundings: WatchSurroundings;
  readonly #audience: WatchAudience;
  #state: WatchState = 'idle';
  #states = new DomainStates();
  /** As of the last snapshot, by name. */
  #uuids: ReadonlyMap<string, string> = new Map();
  readonly #survey: BootOverrideSurvey;
  #startedAtMs = 0;
  #attempts = 0;
  /** Attempts in a row that came to nothing. */
  #failures = 0;
  #settlingMs = 0;
  readonly #schedule = new SnapshotSchedule();
  /** The last event of each domain while nothing was trusted. */
  readonly #missed = new Map<string, DomainEvent>();
  readonly #log: WatchLog;
  #killStream = nothing;
  #killSnapshot = nothing;
  #cancelTimer = nothing;

  constructor(connectionUri: string, surroundings: WatchSurroundings) {
    this.#connectionUri = connectionUri;
    this.#surroundings = surroundings;
    this.#log = new WatchLog(connectionUri, surroundings.log);
    const uuidOf = (domainName: string): string | undefined => this.#uuids.get(domainName.trimEnd());
    this.#audience = new WatchAudience(surroundings.clock, RESYNC_MS / 2, uuidOf);
    this.#survey = new BootOverrideSurvey(surroundings, {
      connection: () => this.#connection(),
      isTrusted: () => isTrusted(this.#state),
      uuidOf,
    });
  }

  get state(): WatchState {
    return this.#state;
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** All that had to start has started: from now on there is time to look for boot overrides. */
  beginSurvey(): void {
    this.#survey.begin();
  }

  /** From now on the subscriber is told, of what is known by now at once; ends with the function returned. */
  subscribe(subscriber: WatchSubscriber): () => void {
    const leave = this.#audience.join(subscriber);
    const leaveSurvey = this.#survey.join(subscriber);
    if (isTrusted(this.#state)) this.#audience.tellOne(subscriber, this.#states.get(subscriber.domainName));
    this.#take('wanted');
    return () => {
      leave();
      leaveSurvey();
      if (this.#audience.isEmpty) this.#take('unwanted');
    };
  }

  #take(input: WatchInput): void {
    const { next, actions } = watchStep(this.#state, input);
    const changed = next !== this.#state;
    this.#state = next;
    for (const action of actions) this.#act(action);
    // `followVirsh` and subscribers call back later at the earliest, so the state is still the one entered.
    if (changed) this.#startTimer(next);
  }

  /** How long a state may last; `undefined`: for ever. */
  #lifetimeMs(state: WatchState): number | undefined {
    switch (state) {
      case 'connecting':
        return CONNECT_DEADLINE_MS;
      case 'settling':
        return this.#settlingMs;
      case 'trusted':
        return this.#schedule.dueInMs(this.#surroundings.clock.now());
      case 'backingOff':
        return watchBackOffMs(this.#failures, this.#surroundings.random);
      case 'pausing':
        return VERIFY_MS;
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
    this.#cancelTimer = this.#surroundings.clock.after(delayMs, () => {
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
        this.#audience.tellAll((domainName) => this.#states.get(domainName));
        this.#tellMissed();
        this.#survey.goOn();
        break;
      case 'distrust':
        this.#audience.tellAll(() => undefined);
    }
  }

  #connection(): VirshConnection {
    // Any BMC's credentials do; where one's do not (any more), the next attempt takes another's.
    const files = this.#audience.authFiles();
    return {
      connectionUri: this.#connectionUri,
      libvirtAuthFile: files[this.#attempts % Math.max(1, files.length)],
    };
  }

  #startStream(): void {
    const { clock, followVirsh } = this.#surroundings;
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
    const change = this.#states.take(event);
    if (!isTrusted(this.#state)) {
      if (change?.event !== undefined) this.#missed.set(change.domainName, change.event);
      return;
    }
    if (change !== undefined) this.#audience.tell(change.domainName, change.domainState, change.event);
    if (event.kind === 'reboot') return;
    const isSooner = this.#schedule.event(this.#surroundings.clock.now());
    if (isSooner && this.#state === 'trusted') this.#startTimer('trusted');
  }

  /** What happened before anybody could be told. */
  #tellMissed(): void {
    for (const [domainName, event] of this.#missed) {
      const domainState = this.#states.get(domainName);
      if (domainState !== undefined) this.#audience.tell(domainName, domainState, event);
    }
    this.#missed.clear();
  }

  #takeSnapshot(): void {
    this.#states.beginSnapshot();
    this.#schedule.begin();
    this.#killSnapshot = takeSnapshot(this.#surroundings, this.#connection(), {
      taken: ({ states, uuids }) => {
        this.#killSnapshot = nothing;
        this.#states.endSnapshot(states);
        this.#uuids = uuids;
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
    const now = this.#surroundings.clock.now();
    // A connection that breaks again and again is not to be made again and again at once.
    if (this.#state === 'resyncing') this.#failures = 0;
    this.#schedule.taken(now);
    if (this.#state === 'resyncing') return;
    this.#log.isUp(this.#states.size, now - this.#startedAtMs);
  }

  #fail(cause: string): void {
    this.#failures += 1;
    this.#log.isDown(cause);
  }
}
