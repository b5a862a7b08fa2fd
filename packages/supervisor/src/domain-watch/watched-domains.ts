/** What is known of the domains of one connection, and who is told. */
import type { DomainEvent, DomainState } from '@vbmc/bmc-worker/ipc';
import { isDefinitionChange, type VirshEvent, type VirshIncident } from '@vbmc/bmc-worker/libvirt';
import type { Clock } from '../host/clock.ts';
import { SNAPSHOT_RESYNC_MS } from '../supervision/supervision-times.ts';
import type { DomainSnapshot } from './domain-snapshot.ts';
import { DomainFacts } from './domain-facts.ts';
import { DomainListeners, type DomainListener } from './domain-listeners.ts';
import { DomainStates } from './domain-states.ts';
import { DomainUuids } from './domain-uuids.ts';
import { OwedDefinitions } from './owed-definitions.ts';
import { PersistentDomains } from './persistent-domains.ts';
import { StartsUnderWay } from './starts-under-way.ts';
import type { TraitSubject } from './trait-answers.ts';
import { UnansweredDomains } from './unanswered-domains.ts';
import type { WatchDependencies } from './watch-dependencies.ts';
import { WatchSubscribers } from './watch-subscribers.ts';

export interface WatchedDomainsListener {
  /** Whether what is known is true; of a domain about which libvirt does not answer, nothing is known. */
  readonly isTrusted: () => boolean;
  /** libvirt has stopped answering about a domain, or answers again: to `asker`, the first or last one that has waited. */
  readonly unansweredChanged: (domainName: string, asker: object) => void;
}

export class WatchedDomains {
  readonly subscribers: WatchSubscribers;
  readonly listeners = new DomainListeners();
  readonly unanswered: UnansweredDomains;
  readonly definitions: OwedDefinitions;
  readonly starts = new StartsUnderWay();
  facts = new DomainFacts();
  readonly #clock: Clock;
  readonly #isTrusted: () => boolean;
  #states = new DomainStates();
  readonly #uuids = new DomainUuids();
  #persistent = new PersistentDomains();
  /** The last event of each domain that arrived while its state was not known. */
  readonly #missed = new Map<string, DomainEvent>();

  constructor(connectionUri: string, dependencies: WatchDependencies, listener: WatchedDomainsListener) {
    this.#isTrusted = listener.isTrusted;
    this.#clock = dependencies.clock;
    this.unanswered = new UnansweredDomains(connectionUri, dependencies, (domainName, asker) => {
      if (this.unanswered.has(domainName)) this.#states.doubt(domainName);
      this.subscribers.publish(domainName);
      this.#publishMissed();
      listener.unansweredChanged(domainName, asker);
    });
    this.definitions = new OwedDefinitions(connectionUri, dependencies, () => this.unanswered.domainNames);
    this.subscribers = new WatchSubscribers(dependencies.clock, SNAPSHOT_RESYNC_MS / 2, {
      stateOf: (domainName) => (this.#isKnown(domainName) ? this.#states.get(domainName) : undefined),
      uuidOf: (domainName) => this.uuidOf(domainName),
      unansweredForMs: (domainName) => this.unanswered.forMs(domainName),
    });
  }

  /** Whether a question about this domain alone might hang, and keep libvirt from changing any definition. */
  mustNotBeAsked(domainName: string): boolean {
    return this.unanswered.has(domainName) || this.starts.has(domainName);
  }

  /**
   * libvirt has not answered about all domains, and has answered about each one that may be asked alone. So it waits for a domain that
   * a worker is starting, if a start takes that long.
   */
  suspectStarts(leastMs: number): void {
    if (!this.unanswered.domainNames.every((domainName) => this.starts.has(domainName))) return;
    for (const [domainName, forMs] of this.starts.longerThan(leastMs, this.#clock.now()))
      this.unanswered.owe(domainName, this.starts, 'start', forMs);
  }

  /** libvirt has answered about all domains at last, so it waits for none. */
  clearSuspicion(): void {
    for (const domainName of this.unanswered.domainNames) this.unanswered.settle(domainName, this.starts);
  }

  /** libvirt has answered the worker that was starting the domain. */
  endStart(domainName: string, bmc: object): void {
    this.starts.end(domainName, bmc);
    if (!this.starts.has(domainName)) this.unanswered.settle(domainName, this.starts);
  }

  /** How many libvirt has. */
  get size(): number {
    return this.#states.size;
  }

  /** The domains of BMCs of which sensors need to know more. */
  lackingTraits(): readonly TraitSubject[] {
    return [...this.subscribers.domainNames].flatMap((domainName) => {
      const uuid = this.uuidOf(domainName);
      const state = this.#states.get(domainName)?.domainState;
      if (uuid === undefined || this.mustNotBeAsked(domainName)) return [];
      if (state !== 'running' && state !== 'shutOff') return [];
      const wanted = this.facts.wanted(domainName, state === 'running', this.#clock.now());
      return wanted.usage || wanted.disks ? [{ domainName, uuid, ...wanted }] : [];
    });
  }

  /** The listener gets a known state at once. The returned function removes it. */
  listen(listener: DomainListener): () => void {
    const state = this.#stateOf(listener.domainName);
    if (state !== undefined) listener.takeState(state, this.facts.endOf(listener.domainName));
    return this.listeners.add(listener);
  }

  uuidOf(domainName: string): string | undefined {
    return this.#uuids.get(domainName);
  }

  /** A new event stream begins. */
  restart(): void {
    this.#states = new DomainStates();
    this.facts = new DomainFacts();
    this.#persistent = new PersistentDomains();
    this.#missed.clear();
  }

  /** Returns whether a snapshot should confirm the event. */
  takeEvent(event: VirshEvent): boolean {
    this.listeners.tellEvent(event);
    if (isDefinitionChange(event)) this.#takeDefinitionChange(event.domainName, event.change);
    this.facts.takeEvent(event);
    const change = this.#states.take(event);
    // A domain without a definition is gone when it has stopped. Where that is not sure, each BMC asks libvirt itself.
    if (change !== undefined && !this.#persistent.has(event.domainName))
      this.#states.forgetIfOff(event.domainName);
    if (!this.#isKnown(event.domainName)) {
      if (change?.event !== undefined) this.#missed.set(change.domainName, change.event);
    } else if (change !== undefined) {
      this.subscribers.publish(change.domainName, change.event);
    }
    return event.kind !== 'reboot';
  }

  takeIncident(incident: VirshIncident): void {
    this.listeners.tellIncident(incident);
    this.facts.takeIncident(incident);
  }

  beginSnapshot(): void {
    this.#states.beginSnapshot(this.#clock.now());
    this.#uuids.beginSnapshot();
    this.facts.beginSnapshot();
    this.#persistent.beginSnapshot();
  }

  endSnapshot({ states, uuids, transient, figures }: DomainSnapshot): void {
    this.facts.endSnapshot(figures);
    this.#states.endSnapshot(states);
    this.#uuids.endSnapshot(uuids);
    this.#persistent.endSnapshot(uuids, transient);
  }

  beginQuestion(domainName: string): void {
    this.#states.beginQuestion(domainName, this.#clock.now());
  }

  /** `asker` has the answer to a question about one domain. */
  endQuestion(domainName: string, domainState: DomainState | undefined, asker: object): void {
    this.#states.endQuestion(domainName, domainState);
    if (this.unanswered.has(domainName)) this.unanswered.settle(domainName, asker);
    else if (this.#isTrusted()) this.subscribers.publish(domainName);
  }

  /** Publishes everything that has become known, or is not known any more. */
  publishAll(): void {
    this.subscribers.publishAll();
    this.listeners.tellStates(
      (domainName) => this.#stateOf(domainName),
      (domainName) => this.facts.endOf(domainName),
    );
    this.#publishMissed();
  }

  #takeDefinitionChange(domainName: string, change: string): void {
    this.#uuids.forget(domainName);
    this.#persistent.note(domainName, change === 'Defined');
    const isGone = change === 'Undefined' && this.#states.forgetIfOff(domainName);
    if (!this.#isTrusted()) return;
    if (isGone) this.subscribers.publish(domainName);
    else this.subscribers.publishDefinitionChange(domainName);
  }

  /** `undefined`: it is unknown, or there is no such domain. */
  #stateOf(domainName: string): DomainState | undefined {
    return this.#isKnown(domainName) ? this.#states.get(domainName)?.domainState : undefined;
  }

  #isKnown(domainName: string): boolean {
    return this.#isTrusted() && !this.unanswered.has(domainName);
  }

  /** Publishes the events that arrived before the states of their domains were known. */
  #publishMissed(): void {
    for (const [domainName, event] of [...this.#missed]) {
      if (!this.#isKnown(domainName)) continue;
      this.#missed.delete(domainName);
      if (this.#states.get(domainName) !== undefined) this.subscribers.publish(domainName, event);
    }
  }
}
