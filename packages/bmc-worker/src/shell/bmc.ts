import type { BootFlags } from '@vbmc/ipmi-codec';
import type { BmcEvent } from '../core/terms/bmc-event.ts';
import type {
  DomainAction,
  DomainActionOutcome,
  DomainEvent,
  DomainState,
} from '../core/terms/domain-action.ts';
import { isChange } from '../core/request/domain-work.ts';
import type { Effect } from '../core/terms/effects.ts';
import { Endpoint } from '../core/endpoint.ts';
import type { SessionDescription } from '../core/session/session-description.ts';
import { limits } from '../core/terms/limits.ts';
import type { BmcIdentity } from '../core/request/handler.ts';
import { User } from '../core/session/user.ts';
import type { BmcConfiguration, BmcFigures, BmcUser, LockedOutLogin } from '../ipc/protocol.ts';
import { createAllowList } from './allow-list.ts';
import { collectWhenIdle } from './idle-collection.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { createRandomSource } from './random-source.ts';
import { bindUdpSocket, type UdpSocket } from './udp-socket.ts';

export interface BmcOptions {
  readonly configuration: BmcConfiguration;
  readonly identity: BmcIdentity;
  readonly perform: (action: DomainAction) => Promise<DomainActionOutcome>;
  readonly report: (event: BmcEvent) => void;
}

export interface RunningBmc {
  readonly address: string;
  readonly port: number;
  /** Swaps the users; returns how many sessions ended with it. */
  updateUsers(users: readonly BmcUser[]): number;
  describeSessions(): readonly SessionDescription[];
  figures(): BmcFigures;
  /** Who is locked out, the longest first. */
  describeLockouts(): readonly LockedOutLogin[];
  /** What the domain watch tells; undefined when it does not know (any more). */
  takeDomainState(state: DomainState | undefined, event?: DomainEvent, uuid?: string): void;
  /** What the supervisor has found in the domain's definition; `mayBeUsedUp` makes the BMC look at the domain itself. */
  takeBootFlags(bootFlags: BootFlags | 'mayBeUsedUp' | undefined): void;
  /** From memory; undefined when libvirt would have to be asked. */
  recallDomainState(): { readonly state: DomainState; readonly ageMs: number } | undefined;
  powerUp(cause: string): void;
  /** Closes the socket at once; resolves when no change of the domain is under way any more. */
  stop(): Promise<void>;
}

function userOf({ name, password, privilege }: BmcUser): User {
  return new User(name, Buffer.from(name), Buffer.from(password), privilege);
}

/** Joins an endpoint to the one socket, the one timer, the clock and the source of randomness. */
export async function startBmc(options: BmcOptions): Promise<RunningBmc> {
  const { configuration, identity, perform, report } = options;
  const endpoint = new Endpoint({
    users: configuration.users.map(userOf),
    ...(configuration.kg !== undefined && { kg: Buffer.from(configuration.kg, 'hex') }),
    ...(configuration.powerRestorePolicy !== undefined && {
      powerRestorePolicy: configuration.powerRestorePolicy,
    }),
    allowedCipherSuites: configuration.cipherSuites,
    ...(configuration.loginPolicy !== undefined && { loginPolicy: configuration.loginPolicy }),
    allowsIpmiV15: configuration.ipmiV15 ?? false,
    privilegeLimit: configuration.privilegeLimit ?? 'administrator',
    identity,
    random: createRandomSource(),
  });
  const isAllowed = createAllowList(configuration.allow);
  let notAllowedDatagrams = 0;
  const { atWork, changeEnded } = collectWhenIdle();
  const changes = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let socket: UdpSocket | undefined;

  const carryOut = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'transmit':
          socket?.send(effect.datagram, effect.to);
          break;
        case 'domainAction':
          act(effect.id, effect.action);
          break;
        case 'event':
          report(effect.event);
      }
    }
    if (timer === undefined && endpoint.wantsTick && !stopped) {
      timer = setTimeout(() => {
        timer = undefined;
        carryOut(endpoint.handleTick(monotonicMs()));
      }, limits.tickMs);
    }
  };

  const act = (id: number, action: DomainAction): void => {
    const done = perform(action).then((outcome) => {
      carryOut(endpoint.handleDomainActionFinished(id, outcome, monotonicMs()));
      if (isChange(action)) changeEnded();
      else atWork();
    });
    if (!isChange(action)) return;
    changes.add(done);
    void done.finally(() => changes.delete(done));
  };

  const bound = await bindUdpSocket(configuration.address, configuration.port, (from, datagram) => {
    atWork();
    if (!isAllowed(from.address)) notAllowedDatagrams += 1;
    else carryOut(endpoint.handleDatagram(from, datagram, monotonicMs()));
  });
  socket = bound;
  if (configuration.looksAtDomainAtOnce === true) carryOut(endpoint.lookAtDomain(monotonicMs()));

  return {
    address: bound.address,
    port: bound.port,
    updateUsers: (users) => {
      const { endedSessions, effects } = endpoint.replaceUsers(users.map(userOf));
      carryOut(effects);
      return endedSessions;
    },
    describeSessions: () => endpoint.describeSessions(monotonicMs()),
    figures: () => ({ ...endpoint.figures(monotonicMs()), notAllowedDatagrams }),
    describeLockouts: () => endpoint.describeLockouts(monotonicMs()),
    takeDomainState: (state, event, uuid) => {
      if (uuid !== undefined) endpoint.handleUuid(uuid);
      if (state === undefined) endpoint.handleDomainStateUntrusted();
      else if (!stopped) carryOut(endpoint.handleDomainState(state, event, monotonicMs()));
    },
    takeBootFlags: (bootFlags) => {
      if (stopped) return;
      carryOut(
        bootFlags === 'mayBeUsedUp'
          ? endpoint.lookAtDomain(monotonicMs())
          : endpoint.handleBootFlags(bootFlags, monotonicMs()),
      );
    },
    recallDomainState: () => {
      const at = monotonicMs();
      const recalled = endpoint.recallDomainState(at);
      return recalled && { state: recalled.state, ageMs: at - recalled.since };
    },
    powerUp: (cause) => {
      if (!stopped) carryOut(endpoint.handlePowerUp(cause, monotonicMs()));
    },
    stop: async () => {
      // The supervisor's message and a SIGTERM to the whole process group may both ask for it.
      if (!stopped) {
        stopped = true;
        socket = undefined;
        bound.close();
        clearTimeout(timer);
      }
      await Promise.all(changes);
    },
  };
}
