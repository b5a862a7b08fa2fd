/** The worker process: one BMC. Takes its configuration from the supervisor over IPC and announces ready. */
import type {
  BmcConfiguration,
  BmcUser,
  DomainEvent,
  DomainState,
  SupervisorMessage,
  WorkerMessage,
} from './ipc/protocol.ts';
import packageJson from '../package.json' with { type: 'json' };
import { isPoweredOn } from './core/domain/power-state.ts';
import { createDomainActions, type DomainActions } from './libvirt/domain-actions.ts';
import { bootFlagsOf } from './libvirt/override-summary.ts';
import { createVirsh } from './libvirt/virsh.ts';
import { noFigures } from './ipc/no-figures.ts';
import { startBmc, type RunningBmc } from './shell/bmc.ts';
import { Outbox } from './shell/outbox.ts';
import { PolicyStore } from './shell/policy-store.ts';
import { nameProcess } from './shell/process-name.ts';
import { errorCode } from './shell/udp-socket.ts';

const outbox = new Outbox({
  send: (message) => {
    if (process.connected) process.send?.(message);
  },
  after: (ms, act) => void setTimeout(act, ms),
});
function send(message: WorkerMessage): void {
  outbox.post(message);
}

const [MAJOR = 0, MINOR = 0] = packageJson.version.split('.').map(Number);
const identity = { firmwareMajorRevision: MAJOR, firmwareMinorRevision: MINOR };

const policyStore = new PolicyStore(send);
let bmc: Promise<RunningBmc> | undefined;
let domainActions: DomainActions | undefined;

async function configure(configuration: BmcConfiguration): Promise<RunningBmc> {
  const { domainName, connectionUri, libvirtAuthFile, softShutdownMode } = configuration;
  const virsh = createVirsh({
    connectionUri,
    ...(libvirtAuthFile !== undefined && { libvirtAuthFile }),
    observe: (call) => {
      send({ type: 'virshCall', ...call });
    },
  });
  const actions = createDomainActions({
    virsh,
    domainName,
    ...(softShutdownMode !== undefined && { softShutdownMode }),
    onSideFailure: (failure) => {
      outbox.report({ kind: 'sideFailure', failure });
    },
  });
  domainActions = actions;
  const running = await startBmc({
    configuration,
    identity,
    perform: (action) =>
      action.kind === 'storePowerRestorePolicy' ? policyStore.store(action.policy) : actions.perform(action),
    report: (event) => {
      outbox.report(event);
    },
  });
  send({ type: 'ready', address: running.address, port: running.port });
  return running;
}

function powerStateOf(requestId: number, domainState: DomainState) {
  return {
    type: 'powerState',
    requestId,
    domainState,
    power: isPoweredOn[domainState] ? 'on' : 'off',
  } as const;
}

async function readPowerState(requestId: number): Promise<void> {
  const recalled = (await runningBmc())?.recallDomainState();
  if (recalled !== undefined) {
    const { state, ageMs } = recalled;
    send({ ...powerStateOf(requestId, state), source: 'watch', ageMs });
    return;
  }
  const outcome = await domainActions?.perform({ kind: 'readDomainState' });
  if (outcome?.ok && outcome.facts.domainState !== undefined) {
    const { domainState } = outcome.facts;
    send({ ...powerStateOf(requestId, domainState), source: 'virsh', ageMs: 0 });
  } else {
    const failure = outcome?.ok === false ? outcome.failure.message : 'not configured';
    send({ type: 'powerState', requestId, failure });
  }
}

/** Undefined when there is none (yet, or its socket could not be bound). */
async function runningBmc(): Promise<RunningBmc | undefined> {
  return bmc?.catch(() => undefined);
}

/** There may be thousands; the operator is told how many. */
const SHOWN_LOCKOUTS = 20;

/** From the event loop: that it turns is what is asked for. */
async function pong(requestId: number): Promise<void> {
  const running = await runningBmc();
  send({ type: 'pong', requestId, ...(running?.figures() ?? noFigures) });
}

async function updateUsers(requestId: number, users: readonly BmcUser[]): Promise<void> {
  const running = await runningBmc();
  send({ type: 'usersUpdated', requestId, endedSessions: running?.updateUsers(users) ?? 0 });
}

async function describe(requestId: number): Promise<void> {
  const running = await runningBmc();
  send({
    type: 'description',
    requestId,
    sessions: running?.describeSessions() ?? [],
    lockedOut: running?.describeLockouts().slice(0, SHOWN_LOCKOUTS) ?? [],
    ...(running?.figures() ?? noFigures),
  });
}

async function takeDomainState(
  state: DomainState | undefined,
  event?: DomainEvent,
  uuid?: string,
): Promise<void> {
  (await runningBmc())?.takeDomainState(state, event, uuid);
}

async function takeBootOverride(element: string | undefined): Promise<void> {
  (await runningBmc())?.takeBootFlags(element === undefined ? 'mayBeUsedUp' : bootFlagsOf(element));
}

async function powerUp(cause: string): Promise<void> {
  (await runningBmc())?.powerUp(cause);
}

/** Ends the process when a change of the domain that is under way is done: half a power cycle is a lost machine. */
async function stop(): Promise<void> {
  const running = await runningBmc();
  await running?.stop();
  outbox.flush();
  process.exit(0);
}

process.on('message', (message: SupervisorMessage) => {
  switch (message.type) {
    case 'configure':
      nameProcess(`bmc ${message.configuration.name}`);
      bmc = configure(message.configuration);
      bmc.catch((error: unknown) => {
        const code = errorCode(error);
        // Not the network's answer to `bind`: a bug, for the supervisor to restart.
        if (code === '') throw error;
        send({ type: 'bindFailed', code, message: String(error) });
        process.disconnect();
      });
      return;
    case 'readPowerState':
      void readPowerState(message.requestId);
      return;
    case 'ping':
      void pong(message.requestId);
      return;
    case 'updateUsers':
      void updateUsers(message.requestId, message.users);
      return;
    case 'describe':
      void describe(message.requestId);
      return;
    case 'domainState':
      void takeDomainState(message.domainState, message.event, message.uuid);
      return;
    case 'domainStateUntrusted':
      void takeDomainState(undefined);
      return;
    case 'bootOverride':
      void takeBootOverride(message.element);
      return;
    case 'powerUp':
      void powerUp(message.cause);
      return;
    case 'powerRestorePolicyStored':
      policyStore.stored(message);
      return;
    case 'stop':
      void stop();
  }
});

// Ctrl-C in the supervisor's terminal reaches the whole process group: ending is the supervisor's decision.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void stop());
// The supervisor is gone: nobody would restart or stop this worker.
process.on('disconnect', () => process.exit(0));
