/** Writes one BMC's event log: listens to what libvirt reports of its domain, whether a worker runs or not, and to the worker. */
import type { BmcConfiguration, BmcEvent, DomainRun, LogFact, StartCause } from '@vbmc/bmc-worker/ipc';
import type { VirshEvent } from '@vbmc/bmc-worker/libvirt';
import type { DomainEventSource } from '../domain-watch/domain-watches.ts';
import type { Clock } from '../host/clock.ts';
import type { EventLog } from './event-log.ts';
import { FactsOfDomain } from './facts-of-domain.ts';
import { GuestFacts } from './guest-facts.ts';
import type { LogNotes } from './log-journal.ts';
import { LoginFacts } from './login-facts.ts';
import { COUNT_STORED_MS, OperatingTime } from './operating-time.ts';

/** What is known of the domain once the log is read. */
interface Known {
  readonly facts: FactsOfDomain;
  readonly time: OperatingTime;
}

export class DomainChronicle {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #logins: LoginFacts;
  readonly #guest = new GuestFacts();
  #known: Known | undefined;
  /** What has come before the log was read, in order. */
  #early: ((known: Known) => void)[] = [];
  #end: (() => void) | undefined;
  #cancelCount: () => void = () => undefined;

  constructor(log: EventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#logins = new LoginFacts(clock.now());
  }

  /** Listens until `close`. */
  open(
    { domainName, connectionUri, libvirtAuthFile, eventLog }: BmcConfiguration,
    domainEvents: DomainEventSource | undefined,
  ): void {
    if (this.#end !== undefined) return;
    if (eventLog !== undefined) this.#log.settings = eventLog;
    void this.#learn();
    const end = domainEvents?.listen(connectionUri, {
      domainName,
      libvirtAuthFile,
      takeEvent: (event) => {
        this.#takeEvent(event);
      },
      takeIncident: (incident) => {
        const nowMs = this.#clock.now();
        this.#with(({ facts }) => {
          this.#note(facts.takeIncident(incident), nowMs);
        });
      },
      takeState: (state, end) => {
        this.#with((known) => {
          this.#note(known.facts.takeState(state, end), this.#clock.now());
          this.#count(known);
        });
      },
      takeDoubt: () => {
        this.#with(({ time }) => {
          this.#store(time.set(false, this.#clock.now()));
        });
      },
    });
    this.#end = end ?? (() => undefined);
    this.#storeCountLater();
  }

  close(): void {
    if (this.#end === undefined) return;
    this.#end();
    this.#end = undefined;
    this.#cancelCount();
    this.#store(this.#known?.time.set(false, this.#clock.now()));
  }

  /** The worker is about to have the domain started, for `cause`; `undefined`: libvirt has answered. */
  noteStart(cause: StartCause | undefined): void {
    const nowMs = this.#clock.now();
    this.#with(({ facts }) => {
      facts.noteOwnStart(cause, nowMs);
    });
  }

  /** The worker is about to have the domain reset, for `cause`; `undefined`: libvirt has answered, or the worker has ended. */
  noteReset(cause: StartCause | undefined): void {
    const nowMs = this.#clock.now();
    this.#with(({ facts }) => {
      facts.noteOwnReset(cause, nowMs);
    });
  }

  /** The worker has ended, and with it what it was about to do. */
  workerGone(): void {
    this.noteReset(undefined);
    this.noteStart(undefined);
  }

  /** The worker has had a non-maskable interrupt injected. */
  noteNmi(): void {
    this.#log.note({ kind: 'nmi' });
  }

  noteEvents(events: readonly BmcEvent[]): void {
    for (const event of events)
      for (const fact of this.#logins.take(event, this.#clock.now())) this.#log.note(fact);
  }

  /** `undefined`: the log cannot be read. */
  async run(): Promise<DomainRun | undefined> {
    if (!(await this.#learn()) || this.#known === undefined) return undefined;
    const { facts, time } = this.#known;
    this.#store(time.beforeTold(this.#clock.now()));
    return { operatingSeconds: Math.floor(time.at(this.#clock.now())), startCause: facts.startCause };
  }

  #takeEvent(event: VirshEvent): void {
    const nowMs = this.#clock.now();
    this.#with((known) => {
      this.#note(known.facts.takeEvent(event, nowMs), nowMs);
      this.#count(known);
    });
  }

  /** Records what libvirt has reported. */
  #note(facts: readonly LogFact[], nowMs: number): void {
    for (const fact of facts) if (this.#guest.admits(fact, nowMs)) this.#log.note(fact);
    const missed = this.#guest.takeMissed(nowMs);
    if (missed > 0) this.#log.tellLeftOut(missed);
  }

  /** Now, or when the log is read. */
  #with(act: (known: Known) => void): void {
    if (this.#known !== undefined) act(this.#known);
    else {
      if (this.#early.length < MOST_EARLY) this.#early.push(act);
      void this.#learn();
    }
  }

  async #learn(): Promise<boolean> {
    if (!(await this.#log.load())) return false;
    if (this.#known !== undefined) return true;
    const { notes } = this.#log;
    const known = {
      facts: new FactsOfDomain(notes.power, notes.hasPanicked),
      time: new OperatingTime(notes),
    };
    this.#known = known;
    for (const act of this.#early.splice(0)) act(known);
    return true;
  }

  /** Stores the power and the operating time if they have changed. */
  #count({ facts, time }: Known): void {
    this.#store(time.set(facts.isOn, this.#clock.now()));
    const { power } = facts;
    if (power !== this.#log.notes.power) this.#log.setNotes({ power });
  }

  #storeCount(): void {
    this.#store(this.#known?.time.stored(this.#clock.now()));
  }

  #storeCountLater(): void {
    this.#cancelCount = this.#clock.after(COUNT_STORED_MS, () => {
      this.#storeCount();
      this.#storeCountLater();
    });
  }

  #store(stored: Pick<LogNotes, 'operatingSeconds'> | undefined): void {
    if (stored !== undefined) this.#log.setNotes(stored);
  }
}

/** Of what comes before the log is read. */
const MOST_EARLY = 64;
