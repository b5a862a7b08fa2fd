import type { BmcEvent } from '../core/terms/bmc-event.ts';
import type {
  ChangeOrigin,
  DomainAction,
  DomainActionOutcome,
  DomainState,
} from '../core/terms/domain-action.ts';
import { isChange } from '../core/request/action-queue.ts';
import type { Effect } from '../core/terms/effects.ts';
import type { DeviceAnswer, DeviceQuestion } from '../core/terms/device-question.ts';
import type { EndpointInput } from '../core/endpoint-input.ts';
import { Endpoint } from '../core/endpoint.ts';
import { defaultLoginPolicy } from '../core/login/login-guard.ts';
import { limits } from '../core/terms/limits.ts';
import type { Firmware } from '../core/request/commands/handler.ts';
import type {
  BmcConfiguration,
  BmcFigures,
  LockedOutLogin,
  SessionDescription,
  SourceFailures,
} from '../ipc/protocol.ts';
import { createAllowList } from './allow-list.ts';
import { collectWhenIdle } from './idle-collection.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { loadCommands } from './load-commands.ts';
import { createRandomSource } from './random-source.ts';
import { UdpSockets, type BindNews } from './udp-sockets.ts';
import { usersOf } from './users.ts';

export interface BmcOptions {
  readonly configuration: BmcConfiguration;
  readonly identity: Firmware;
  readonly perform: (
    action: DomainAction,
    signal: AbortSignal,
    origin: ChangeOrigin,
  ) => Promise<DomainActionOutcome>;
  /** Resolves in any case. */
  readonly answer: (question: DeviceQuestion) => Promise<DeviceAnswer>;
  readonly report: (event: BmcEvent) => void;
  readonly reportLoginFailures: (failures: readonly SourceFailures[]) => void;
  /** Takes what becomes of each address, of several, that could not be bound. */
  readonly tellBind?: BindNews;
}

/** Of thousands of lock-outs, those that fit into a message and onto a screen; the figures have their number. */
const SHOWN_LOCKOUTS = 20;

/** A client closes its session as soon as it has its answer. ipmitool repeats that for 10 s if nobody answers. */
const SESSIONS_CLOSE_MS = 500;
const LOOK_MS = 25;

/** What `vbmc show` says about a BMC. */
export interface BmcDescription extends BmcFigures {
  readonly sessions: readonly SessionDescription[];
  /** The longest lock-outs. */
  readonly lockedOut: readonly LockedOutLogin[];
}

/** Binds the sockets and starts a BMC on them. Rejects with the system's error when a socket cannot be bound. */
export async function startBmc(options: BmcOptions): Promise<RunningBmc> {
  const { identify, readsDomainAtStart } = options.configuration;
  const bmc = new RunningBmc(await UdpSockets.bind(options.configuration, options.tellBind), options);
  if (identify !== undefined) bmc.handle({ type: 'identify', lamp: identify });
  if (readsDomainAtStart === true) bmc.handle({ type: 'inspectDomain' });
  return bmc;
}

function endpointOf({ configuration, identity }: BmcOptions): Endpoint {
  return new Endpoint({
    ...usersOf(configuration.users, configuration.userSlots),
    userChanges: configuration.userChanges ?? false,
    watchdog: configuration.watchdog ?? true,
    ...(configuration.eventLog !== undefined && { eventLog: configuration.eventLog }),
    ...(configuration.kg !== undefined && { kg: Buffer.from(configuration.kg, 'hex') }),
    allowedCipherSuites: configuration.cipherSuites,
    loginPolicy: configuration.loginPolicy ?? defaultLoginPolicy,
    allowsIpmiV15: configuration.ipmiV15 ?? false,
    privilegeLimit: configuration.privilegeLimit ?? 'administrator',
    // The policy that leaves the domain alone after the host has booted.
    powerRestorePolicy: configuration.powerRestorePolicy ?? 'alwaysOff',
    identity: {
      ...identity,
      name: configuration.name,
      ...(configuration.assetTag !== undefined && { assetTag: configuration.assetTag }),
    },
    random: createRandomSource(),
  });
}

/** Joins an endpoint to its sockets, the one timer, the clock and the source of randomness. */
export class RunningBmc {
  readonly address: string;
  readonly port: number;
  readonly #options: BmcOptions;
  readonly #endpoint: Endpoint;
  readonly #sockets: UdpSockets;
  readonly #idleCollection = collectWhenIdle();
  /** Changes of the domain that are under way, or have been called off and not ended yet. */
  readonly #changes = new Map<number, { readonly done: Promise<void>; readonly callOff: () => void }>();
  #notAllowedDatagrams = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;
  #stopped = false;

  constructor(sockets: UdpSockets, options: BmcOptions) {
    this.address = sockets.address;
    this.port = sockets.port;
    this.#options = options;
    this.#endpoint = endpointOf(options);
    this.#sockets = sockets;
    const isAllowed = createAllowList(options.configuration.allow);
    sockets.receive((from, datagram) => {
      this.#idleCollection.noteWork();
      if (isAllowed(from.address)) this.#take({ type: 'datagram', from, datagram });
      else this.#notAllowedDatagrams += 1;
    });
  }

  /** Gives the endpoint an input, unless the BMC has stopped. */
  handle(input: EndpointInput): void {
    if (!this.#stopped) this.#take(input);
  }

  /** Listens on these addresses of the host from now on. Sessions last: their clients may go on at any of them. */
  setAddresses(addresses: readonly string[]): void {
    if (!this.#stopped) this.#sockets.setAddresses(addresses);
  }

  figures(): BmcFigures {
    return { ...this.#endpoint.figures(monotonicMs()), notAllowedDatagrams: this.#notAllowedDatagrams };
  }

  describe(): BmcDescription {
    const now = monotonicMs();
    return {
      sessions: this.#endpoint.describeSessions(now),
      lockedOut: this.#endpoint.describeLockouts(now).slice(0, SHOWN_LOCKOUTS),
      ...this.figures(),
    };
  }

  /** From memory; undefined when only libvirt can tell. */
  recallDomainState(): { readonly state: DomainState; readonly ageMs: number } | undefined {
    const now = monotonicMs();
    const recalled = this.#endpoint.recallDomainState(now);
    return recalled && { state: recalled.state, ageMs: now - recalled.since };
  }

  /**
   * Begins no other change. Resolves when none is under way any more, and the sockets are closed: until then they answer the clients
   * that wait.
   */
  async stop(): Promise<void> {
    // The supervisor's message and a SIGTERM to the whole process group may both ask for it.
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  async #finish(): Promise<void> {
    if (this.#changes.size > 0) {
      this.#take({ type: 'endsSoon' });
      await Promise.all([...this.#changes.values()].map(({ done }) => done));
      for (let ms = 0; ms < SESSIONS_CLOSE_MS && this.figures().activeSessions > 0; ms += LOOK_MS)
        await new Promise((resolve) => void setTimeout(resolve, LOOK_MS));
    }
    this.#take({ type: 'stopping' });
    this.#stopped = true;
    this.#sockets.close();
    clearTimeout(this.#timer);
  }

  #take(input: EndpointInput): void {
    for (const effect of this.#endpoint.handle(input, monotonicMs())) this.#carryOut(effect);
    if (this.#timer === undefined && this.#endpoint.wantsTick && !this.#stopped) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#take({ type: 'tick' });
      }, limits.tickMs);
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'transmit':
        if (!this.#stopped) this.#sockets.send(effect.datagram, effect.to);
        break;
      case 'domainAction':
        this.#perform(effect);
        break;
      case 'callOffAction':
        this.#changes.get(effect.id)?.callOff();
        break;
      case 'question':
        void this.#options.answer(effect.question).then((answer) => {
          this.handle({ type: 'answered', id: effect.id, answer });
        });
        break;
      case 'loadCommands':
        void loadCommands(effect.group).then((handlers) => {
          this.handle({ type: 'commandsLoaded', group: effect.group, handlers });
        });
        break;
      case 'loginFailures':
        this.#options.reportLoginFailures(effect.failures);
        break;
      case 'event':
        this.#options.report(effect.event);
    }
  }

  #perform({ id, action, origin }: Extract<Effect, { kind: 'domainAction' }>): void {
    const controller = new AbortController();
    const done = this.#options.perform(action, controller.signal, origin).then((outcome) => {
      this.#changes.delete(id);
      this.#take({ type: 'actionFinished', id, outcome });
      if (isChange(action)) this.#idleCollection.noteChange();
      else this.#idleCollection.noteWork();
    });
    if (isChange(action))
      this.#changes.set(id, {
        done,
        callOff: () => {
          controller.abort();
        },
      });
  }
}
