/** The domain watch of one connection: carries out the transition table with timers and virsh. */
import type { VirshConnection, VirshEvent } from '@vbmc/bmc-worker/libvirt';
import { SINGLE_ANSWER_MS } from '../supervision/supervision-times.ts';
import type { DomainListener } from './domain-listeners.ts';
import { DomainQuestions } from './domain-questions.ts';
import { startEventStream } from './event-stream.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';
import { connectionTroubleText } from './trouble-text.ts';
import type { WatchDependencies } from './watch-dependencies.ts';
import { WatchLog } from './watch-log.ts';
import type { Subscription, WatchSubscriber } from './watch-subscribers.ts';
import { WatchedDomains } from './watched-domains.ts';
import { lifetimeMs } from './watch-lifetimes.ts';
import { settlingMs } from './watch-times.ts';
import {
  isConnected,
  isPartial,
  isTrusted,
  watchStep,
  type WatchAction,
  type WatchInput,
  type WatchState,
} from './watch-transitions.ts';
import { workerReports } from './worker-reports.ts';

function nothing(): void {
  return undefined;
}

export class DomainWatch {
  readonly #connectionUri: string;
  readonly #dependencies: WatchDependencies;
  readonly #domains: WatchedDomains;
  readonly #questions: DomainQuestions;
  readonly #schedule = new SnapshotSchedule();
  readonly #log: WatchLog;
  #state: WatchState = 'idle';
  #startedAtMs = 0;
  /** Since when there is no connection. */
  #aloneSinceMs = 0;
  #attempts = 0;
  /** What has happened in a row, and how long the stream takes to subscribe. */
  readonly #tally = { failures: 0, timeouts: 0, overdueSnapshots: 0, settlingMs: 0, handshakeMs: 0 };
  #killStream = nothing;
  #cancelTimer = nothing;

  constructor(connectionUri: string, dependencies: WatchDependencies) {
    this.#connectionUri = connectionUri;
    this.#dependencies = dependencies;
    this.#log = new WatchLog(connectionUri, dependencies.log);
    this.#domains = new WatchedDomains(connectionUri, dependencies, {
      isTrusted: () => isTrusted(this.#state),
      unansweredChanged: (domainName, asker) => {
        this.#takeUnanswered(domainName, asker);
      },
    });
    this.#questions = new DomainQuestions(dependencies, this.#domains, {
      connection: () => this.#connection(),
      handshakeMs: () => this.#tally.handshakeMs,
      isTrusted: () => isTrusted(this.#state),
      overdueSnapshotEnded: () => {
        this.#domains.clearSuspicion();
        this.#reschedule();
      },
      roundOver: () => {
        if (this.#questions.snapshots.runs) this.#domains.suspectStarts(SINGLE_ANSWER_MS);
        this.#take('roundOver');
      },
    });
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Whether a virsh of this watch waits for libvirt, or may; how many domains libvirt does not answer about. */
  get owed(): { readonly virsh: boolean; readonly domains: number } {
    return { virsh: this.#questions.isOwed, domains: this.#domains.unanswered.size };
  }

  /** Why the connection does not stand; `undefined` while it does, and while nobody uses it. */
  get trouble(): string | undefined {
    if (this.#state !== 'connecting' && this.#state !== 'backingOff') return undefined;
    const forMs = this.#dependencies.clock.now() - this.#aloneSinceMs;
    return connectionTroubleText(this.#connectionUri, forMs, this.#log.cause);
  }

  get #nothingIsOwed(): boolean {
    return this.#domains.unanswered.isEmpty && !this.#questions.snapshots.runs;
  }

  /** Allows the watch to look for boot overrides: every BMC has had its time to start. */
  beginSurvey(): void {
    this.#questions.begin();
  }

  /** Publishes to the subscriber, a known state at once, until its subscription ends. */
  subscribe(subscriber: WatchSubscriber): Subscription {
    const { domainName } = subscriber;
    const { subscribers } = this.#domains;
    const remove = subscribers.add(subscriber);
    const { takeBootOverride } = subscriber;
    const leaveSurvey = takeBootOverride && this.#questions.survey.join({ domainName, takeBootOverride });
    if (isTrusted(this.#state) || this.#domains.unanswered.has(domainName)) subscribers.publishTo(subscriber);
    this.#take('wanted');
    if (isPartial(this.#state)) subscriber.takeAllUnanswered(true);
    const reports = workerReports(subscriber, {
      domains: this.#domains,
      questions: this.#questions,
      clock: this.#dependencies.clock,
      lookSoon: this.#lookSoon.bind(this),
    });
    return {
      ...reports,
      trouble: () => this.trouble,
      facts: () => this.#questions.sensorFacts(domainName),
      end: () => {
        remove();
        leaveSurvey?.();
        reports.end();
        this.#endIfUnwanted();
      },
    };
  }

  /** Tells the listener what libvirt reports of its domain, until the returned function is called. */
  listen(listener: DomainListener): () => void {
    const remove = this.#domains.listen(listener);
    this.#take('wanted');
    return () => {
      remove();
      this.#endIfUnwanted();
    };
  }

  #endIfUnwanted(): void {
    const { listeners, subscribers } = this.#domains;
    if (subscribers.isEmpty && listeners.isEmpty) this.#take('unwanted');
  }

  #take(input: WatchInput): void {
    const { next, actions } = watchStep(this.#state, input);
    const changed = next !== this.#state;
    const wasPartial = isPartial(this.#state);
    if (changed && (this.#state === 'idle' || isConnected(this.#state)))
      this.#aloneSinceMs = this.#dependencies.clock.now();
    this.#state = next;
    if (isPartial(next) !== wasPartial) this.#domains.subscribers.publishAllUnanswered(!wasPartial);
    for (const action of actions) this.#act(action);
    // `followVirsh` and the subscribers never call back synchronously, so the state is still `next`.
    if (changed) this.#startTimer(next);
  }

  #startTimer(state: WatchState): void {
    this.#cancelTimer();
    this.#cancelTimer = nothing;
    const delayMs = lifetimeMs(state, {
      ...this.#tally,
      snapshotDueInMs: this.#schedule.dueInMs(this.#dependencies.clock.now()),
      nothingIsOwed: this.#nothingIsOwed,
      random: this.#dependencies.random,
    });
    if (delayMs === undefined) return;
    this.#cancelTimer = this.#dependencies.clock.after(delayMs, () => {
      if (state === 'connecting') {
        this.#tally.timeouts += 1;
        this.#fail(`no connection after ${delayMs / 1000} s`);
      }
      this.#take(state === 'partlyTrusted' && this.#nothingIsOwed ? 'nothingOwed' : 'timeOver');
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
        this.#questions.snapshots.abandon();
        break;
      case 'askSingly':
        this.#questions.singles.begin(this.#domains.subscribers.domainNames);
        break;
      case 'abandonRound':
        this.#questions.singles.abandon();
        break;
      case 'trust':
        this.#domains.publishAll();
        this.#questions.askNext();
        break;
      case 'distrust':
        this.#domains.publishAll();
    }
  }

  #takeUnanswered(domainName: string, asker: object): void {
    if (this.#domains.unanswered.has(domainName)) {
      this.#take('domainUnanswered');
    } else if (isTrusted(this.#state)) {
      const isAnswer = asker === this.#questions.singles;
      if (!isAnswer && this.#domains.subscribers.has(domainName)) this.#questions.singles.ask(domainName);
      this.#questions.survey.askNext();
    }
    this.#reschedule();
  }

  /** What the next step has to wait for may have changed. */
  #reschedule(): void {
    if (this.#state === 'partlyTrusted') this.#startTimer('partlyTrusted');
  }

  #connection(): VirshConnection {
    const { listeners, subscribers } = this.#domains;
    return subscribers.connection(this.#connectionUri, this.#attempts, listeners.authFiles);
  }

  #startStream(): void {
    const { clock, followVirsh } = this.#dependencies;
    this.#attempts += 1;
    this.#startedAtMs = clock.now();
    this.#domains.restart();
    this.#schedule.restart();
    this.#killStream = startEventStream(followVirsh, this.#connection(), clock, {
      connected: (roundTripMs) => {
        this.#tally.timeouts = 0;
        this.#tally.handshakeMs = clock.now() - this.#startedAtMs;
        this.#tally.settlingMs = settlingMs(roundTripMs);
        this.#take('streamConnected');
      },
      event: (event) => {
        this.#takeEvent(event);
      },
      incident: (incident) => {
        this.#domains.takeIncident(incident);
      },
      lost: (cause) => {
        this.#fail(cause);
        this.#take('streamLost');
      },
    });
  }

  #takeEvent(event: VirshEvent): void {
    if (this.#domains.takeEvent(event)) this.#lookSoon();
  }

  #lookSoon(): void {
    const isSooner = this.#schedule.event(this.#dependencies.clock.now());
    if (isSooner && this.#state === 'trusted') this.#startTimer('trusted');
  }

  #takeSnapshot(): void {
    const beganAtMs = this.#dependencies.clock.now();
    this.#domains.beginSnapshot();
    this.#schedule.begin();
    this.#questions.snapshots.take(this.#connection(), !this.#domains.unanswered.isEmpty, {
      taken: (snapshot) => {
        this.#tally.overdueSnapshots = 0;
        this.#domains.endSnapshot(snapshot);
        this.#domains.starts.answeredAll(beganAtMs);
        this.#succeed();
        this.#take('snapshotTaken');
        // A worker has reported it since the snapshot began.
        if (!this.#domains.unanswered.isEmpty) this.#take('domainUnanswered');
      },
      failed: (cause) => {
        this.#fail(cause);
        this.#take('snapshotFailed');
      },
      overdue: (cause) => {
        this.#tally.overdueSnapshots += 1;
        this.#log.isPartial(cause);
        this.#take('snapshotOverdue');
      },
    });
  }

  #succeed(): void {
    if (this.#state === 'snapshotting') return;
    const now = this.#dependencies.clock.now();
    // Only now: a connection that breaks soon after each success must not be retried at once each time.
    if (this.#state === 'resyncing') this.#tally.failures = 0;
    this.#schedule.taken(now);
    if (this.#state === 'resyncing') this.#log.isWhole();
    else this.#log.isUp(this.#domains.size, now - this.#startedAtMs);
  }

  #fail(cause: string): void {
    this.#tally.failures += 1;
    this.#log.isDown(cause);
  }
}
