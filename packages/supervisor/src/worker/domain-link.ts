/** Joins one BMC's worker to what the supervisor knows of its domain: state updates, power restore policy, owed starts. */
import type {
  BmcConfiguration,
  BmcEvent,
  DomainState,
  SensorFacts,
  StartCause,
  SupervisorMessage,
  WorkerMessage,
} from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { UnansweredCalls } from '../status/unanswered-calls.ts';
import type { KeptConnectionSource } from '../kept-connections/kept-connections.ts';
import type { DomainEventSource, DomainUpdateSource } from '../domain-watch/domain-watches.ts';
import type { Subscription } from '../domain-watch/watch-subscribers.ts';
import type { EventLogs } from '../event-log/event-logs.ts';
import type { OwedStartAdvice, OwedStarts } from '../owed-starts/owed-starts.ts';
import type { PowerRestore } from '../power-restore/power-restore.ts';
import { SINGLE_ANSWER_MS } from '../supervision/supervision-times.ts';
import { PolicyRequests } from './policy-requests.ts';

/** In characters. One that a worker has written has some hundred; a worker asks libvirt itself for a longer one. */
const LONGEST_ELEMENT = 16_384;

/** The cause of a power up, as the worker's event about it names it. */
const POWER_RESTORE_POLICY = 'power restore policy';

/**
 * Without `keptConnections` each virsh connects by itself; without `domainUpdates` the worker asks libvirt itself; without `powerRestore` no policy can be stored; without `owedStarts` a
 * power cycle that is cut stays so.
 */
export interface DomainServices {
  readonly keptConnections?: KeptConnectionSource;
  readonly domainUpdates?: DomainUpdateSource;
  readonly powerRestore?: Pick<
    PowerRestore,
    'policyOf' | 'setPolicy' | 'mayPowerUp' | 'saw' | 'ended' | 'release' | 'callOff'
  >;
  readonly owedStarts?: OwedStarts;
  readonly eventLogs?: EventLogs;
  readonly domainEvents?: DomainEventSource;
}

export class DomainLink {
  readonly #name: string;
  readonly #services: DomainServices & { readonly clock: Clock };
  readonly #send: (message: SupervisorMessage) => void;
  readonly #policyRequests: PolicyRequests;
  /** What libvirt owes an answer about the domain. */
  readonly unanswered: UnansweredCalls;
  #subscription: Subscription | undefined;
  #leaveKept: () => void = () => undefined;
  /** Since when the worker starts the domain. */
  #startBeganAtMs: number | undefined;
  /** Whether the worker was configured without the stored policy, because it could not be read. */
  #lacksPolicy = false;
  /** What the domain watch has reported last, while it is trusted. */
  #lastReport: readonly [domainState: DomainState, uuid: string | undefined] | undefined;
  #cancelRetry: () => void = () => undefined;
  /** Whether the worker powers the domain up by the power restore policy. */
  #powersUp = false;
  /** Counts the workers: each numbers its requests from 1. */
  #workers = 0;

  /** `name`: the BMC's. */
  constructor(
    name: string,
    services: DomainServices & { readonly clock: Clock },
    send: (message: SupervisorMessage) => void,
  ) {
    this.#name = name;
    this.#services = services;
    this.unanswered = new UnansweredCalls(services.clock);
    this.#send = send;
    const { powerRestore } = services;
    this.#policyRequests = new PolicyRequests({
      store: async (policy) =>
        powerRestore === undefined ? 'there is no state directory' : powerRestore.setPolicy(name, policy),
      answer: (requestId, failure) => {
        send({ type: 'powerRestorePolicyStored', requestId, ...(failure !== undefined && { failure }) });
      },
    });
  }

  /**
   * The configuration for a new worker, completed by what is stored about its BMC. `followsCrash`: the worker before it
   * ended unasked, perhaps in the middle of a change.
   */
  complete(configuration: BmcConfiguration, followsCrash: boolean): BmcConfiguration {
    const { domainUpdates, keptConnections, owedStarts, powerRestore } = this.#services;
    const { name, connectionUri } = configuration;
    const keptConnection = keptConnections?.outlookOf(connectionUri);
    const powerRestorePolicy = powerRestore?.policyOf(name);
    const owed = owedStarts?.describe(name);
    const owesStart = owedStarts?.has(name) === true || powerRestore?.mayPowerUp(name) === true;
    this.#lacksPolicy = powerRestorePolicy === 'unknown';
    this.#policyRequests.forget();
    const { clock } = this.#services;
    const startHangs = clock.now() - (this.#startBeganAtMs ?? Infinity) >= SINGLE_ANSWER_MS;
    this.#startBeganAtMs = undefined;
    return {
      ...configuration,
      // A start that hangs does so still: the domain watch finds that out with a question that does no harm.
      readsDomainAtStart: (followsCrash && !startHangs) || domainUpdates === undefined,
      ...(keptConnection !== undefined && { keptConnection }),
      ...(powerRestorePolicy !== undefined && { powerRestorePolicy }),
      ...(owesStart && { owesStart }),
      ...(owed?.unusedOverride !== undefined && { unusedOverride: owed.unusedOverride }),
    };
  }

  /** Sends the ready worker what becomes of its domain, until `close`. */
  open({ name, domainName, connectionUri, libvirtAuthFile }: BmcConfiguration): void {
    const { domainUpdates, keptConnections, owedStarts, powerRestore } = this.#services;
    this.close();
    // Before the watch, which uses it too.
    if (keptConnections?.outlookOf(connectionUri) !== undefined)
      this.#leaveKept = keptConnections.subscribe(connectionUri, (outlook) => {
        this.#send({ type: 'keptConnection', ...outlook });
      });
    if (domainUpdates === undefined) return;
    this.#subscription = domainUpdates.subscribe(connectionUri, {
      domainName,
      libvirtAuthFile,
      takeBootOverride: (element) => {
        const isSent = element !== undefined && element.length <= LONGEST_ELEMENT;
        this.#send({ type: 'bootOverride', ...(isSent && { element }) });
      },
      takeAllUnanswered: (isSo) => {
        this.#send({ type: 'allDomainsUnanswered', isSo });
      },
      takeDefinitionChange: () => {
        this.#send({ type: 'definitionChanged' });
      },
      takeUnanswered: (forMs) => {
        this.#lastReport = undefined;
        this.unanswered.noteWatch(forMs);
        this.#send({ type: 'domainUnanswered', forMs });
      },
      take: (known, event, uuid) => {
        this.unanswered.noteWatch(undefined);
        this.#lastReport = known && [known.domainState, uuid];
        if (known === undefined) {
          this.#send({ type: 'domainStateUntrusted' });
          return;
        }
        const { domainState, askedAtMs } = known;
        this.#send({
          type: 'domainState',
          domainState,
          // A report with an event is news, however old the answer is that it comes with.
          ...(event === undefined ? askedAtMs !== undefined && { askedAtMs } : { event }),
          ...(uuid !== undefined && { uuid }),
        });
        this.#sendPolicy(name);
        if (powerRestore?.saw(name, domainState) === true) {
          this.#powersUp = true;
          this.#send({ type: 'powerUp', cause: POWER_RESTORE_POLICY });
        }
        this.#advise(owedStarts?.saw(name, domainState, uuid));
      },
    });
  }

  /** Why the worker starts the domain, if it does now. */
  get startCause(): StartCause {
    const { powerRestore } = this.#services;
    if (!this.#powersUp) return 'command';
    return powerRestore?.policyOf(this.#name) === 'alwaysOn' ? 'policyAlwaysOn' : 'policyPreviousState';
  }

  /** Why the connection to libvirt does not stand, for people; `undefined` while it does, as far as is known. */
  get trouble(): string | undefined {
    return this.#subscription?.trouble();
  }

  /** What the domain watch has reported last; undefined: it knows no state. */
  get domainState(): DomainState | undefined {
    return this.#lastReport?.[0];
  }

  /** What is known of the domain for its sensors. */
  get sensorFacts(): SensorFacts {
    return this.#subscription?.facts() ?? {};
  }

  close(): void {
    this.#subscription?.end();
    this.#subscription = undefined;
    this.#leaveKept();
    this.#leaveKept = () => undefined;
    this.#lastReport = undefined;
    this.#cancelRetry();
    this.unanswered.forget();
  }

  /** Sends the stored policy once it can be read. */
  #sendPolicy(name: string): void {
    const policy = this.#lacksPolicy ? this.#services.powerRestore?.policyOf(name) : undefined;
    if (policy === undefined || policy === 'unknown') return;
    this.#lacksPolicy = false;
    this.#send({ type: 'storedPolicy', policy });
  }

  /** Takes the worker's report of the calls that libvirt owes it an answer. */
  noteUnanswered(report: Extract<WorkerMessage, { type: 'unansweredCalls' }>): void {
    const { verb, forMs } = report;
    this.unanswered.noteWorker(report);
    this.#subscription?.noteUnanswered(verb === undefined ? undefined : { verb, forMs });
  }

  /** Takes the worker's report that it is about to have the domain started, or that libvirt has answered. */
  noteStart(isUnderWay: boolean): void {
    this.#startBeganAtMs = isUnderWay ? this.#services.clock.now() : undefined;
    this.#subscription?.noteStart(isUnderWay);
  }

  /** Stores a policy and sends the worker the outcome. */
  async storePolicy(request: Extract<WorkerMessage, { type: 'powerRestorePolicy' }>): Promise<void> {
    return this.#policyRequests.take(request);
  }

  /** Takes events of the worker. */
  noteEvents(events: readonly BmcEvent[]): void {
    const { owedStarts, powerRestore } = this.#services;
    for (const event of events) {
      if (event.kind !== 'domainActionFinished' || event.action !== 'chassisControl') continue;
      if (event.user === '' && event.source === POWER_RESTORE_POLICY) {
        powerRestore?.ended(this.#name);
        this.#powersUp = false;
      }
      if (event.failure === undefined) owedStarts?.acted(this.#name);
    }
  }

  /** The worker has ended. */
  workerGone(): void {
    this.#workers += 1;
    this.#powersUp = false;
    this.#services.owedStarts?.release(this.#name);
    this.#services.powerRestore?.release(this.#name);
  }

  /** The worker is about to have its domain destroyed. */
  noteDestroy(): void {
    this.#services.owedStarts?.noteDestroy(this.#name);
  }

  /** Notes that the worker is about to switch its domain off, or what became of that, and sends the worker the outcome. */
  async noteOwedStart(
    message: Extract<WorkerMessage, { type: 'owedStart' | 'owedStartEnded' }>,
  ): Promise<void> {
    const { owedStarts } = this.#services;
    const worker = this.#workers;
    // Of an earlier note. What the watch has reported last may be older than this one.
    if (message.type === 'owedStart') this.#cancelRetry();
    const failure =
      message.type === 'owedStartEnded'
        ? await this.#endOwedStart(message)
        : owedStarts === undefined
          ? 'there is no state directory'
          : await owedStarts.note(this.#name, message);
    if (worker !== this.#workers) return;
    const { requestId } = message;
    this.#send({ type: 'owedStartNoted', requestId, ...(failure !== undefined && { failure }) });
    if (message.type === 'owedStartEnded' && message.how === 'left') this.#retryLater();
  }

  /** The worker could not make a start that is owed. The next report of the domain watch may come half a minute later. */
  #retryLater(): void {
    const { clock, owedStarts } = this.#services;
    const pauseMs = owedStarts?.retryInMs(this.#name);
    this.#cancelRetry();
    if (pauseMs === undefined) return;
    this.#cancelRetry = clock.after(pauseMs, () => {
      const [domainState, uuid] = this.#lastReport ?? [];
      // The worker asks libvirt whether that is still so.
      if (domainState === 'shutOff') this.#advise(owedStarts?.saw(this.#name, domainState, uuid));
    });
  }

  async #endOwedStart({
    how,
    why,
    unusedOverride,
  }: Extract<WorkerMessage, { type: 'owedStartEnded' }>): Promise<string | undefined> {
    const { owedStarts, powerRestore } = this.#services;
    const failures = await Promise.all([
      owedStarts?.end(this.#name, how, why, unusedOverride),
      how === 'calledOff' ? powerRestore?.callOff(this.#name) : undefined,
    ]);
    return failures.find((failure) => failure !== undefined);
  }

  #advise(advice: OwedStartAdvice): void {
    if (advice === undefined) return;
    if ('finish' in advice) this.#send({ type: 'finishStart', start: advice.finish });
    else this.#send({ type: 'startOvertaken' });
  }
}
