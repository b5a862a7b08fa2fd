/** The worker process: one BMC. Takes its configuration from the supervisor over the channel and announces ready. */
import type { BmcConfiguration, SupervisorMessage, WorkerMessage } from './ipc/protocol.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { EndpointInput } from './core/endpoint-input.ts';
import { isChange } from './core/request/action-queue.ts';
import type { ChangeOrigin } from './core/terms/domain-action.ts';
import { WATCHDOG_TIMER } from './core/terms/watchdog.ts';
import { CallGate } from './libvirt/call-gate.ts';
import { createDomainActions, type DomainActions } from './libvirt/domain-actions.ts';
import { KeptWay } from './libvirt/kept-way.ts';
import { bootFlagsOf } from './libvirt/override-summary.ts';
import { observed } from './libvirt/observed-virsh.ts';
import { createVirsh } from './libvirt/virsh.ts';
import { startBmc, type RunningBmc } from './shell/bmc.ts';
import { callReports } from './shell/call-reports.ts';
import { DeviceAnswers } from './shell/device-answers.ts';
import { fromHostClock, monotonicMs } from './shell/monotonic-clock.ts';
import { Outbox } from './shell/outbox.ts';
import { OwedStartStore } from './shell/owed-start-store.ts';
import { PolicyStore } from './shell/policy-store.ts';
import { nameProcess } from './shell/process-name.ts';
import { openSupervisorChannel } from './shell/supervisor-channel.ts';
import { errorAddress, errorCode } from './shell/udp-socket.ts';
import { answerTo, type Running } from './supervisor-questions.ts';

/** Messages to a BMC whose socket is bound. */
type BmcMessage = Exclude<
  SupervisorMessage,
  {
    readonly type:
      | 'configure'
      | 'keptConnection'
      | 'powerRestorePolicyStored'
      | 'owedStartNoted'
      | 'deviceAnswered'
      | 'stop';
  }
>;

/** Who or what has asked for the last change of the domain. */
let changeOrigin: ChangeOrigin | undefined;
function isByWatchdog(): boolean {
  return changeOrigin?.user === '' && changeOrigin.source === WATCHDOG_TIMER;
}

const gate = new CallGate(callReports(send, isByWatchdog));
const keptWay = new KeptWay();

const channel = openSupervisorChannel(receive);
const outbox = new Outbox({
  send: (message) => {
    channel.send(message);
  },
  after: (ms, act) => void setTimeout(act, ms),
  unreadBytes: () => channel.unreadBytes(),
});
function send(message: WorkerMessage): void {
  outbox.post(message);
}

const [MAJOR = 0, MINOR = 0, PATCH = 0] = packageJson.version.split('.').map(Number);
const identity = { firmwareMajorRevision: MAJOR, firmwareMinorRevision: MINOR, firmwarePatch: PATCH };

const policyStore = new PolicyStore(send, (policy) => {
  running?.bmc.handle({ type: 'storedPolicy', policy });
});
const deviceAnswers = new DeviceAnswers(send);
const leaving = new AbortController();
const owedStarts = new OwedStartStore({
  send,
  report: (event) => {
    outbox.report(event);
  },
});
let starting: Promise<void> | undefined;
let running: Running | undefined;
/** As last reported. */
let domainUuid: string | undefined;
/** Messages that came before the socket was bound. */
const waiting: BmcMessage[] = [];

function domainActionsOf(configuration: BmcConfiguration): DomainActions {
  const { domainName, connectionUri, libvirtAuthFile, softShutdownMode } = configuration;
  const virsh = createVirsh({
    connectionUri,
    keptWay,
    gate,
    now: monotonicMs,
    ...(libvirtAuthFile !== undefined && { libvirtAuthFile }),
  });
  return createDomainActions({
    virsh: observed(virsh, {
      now: monotonicMs,
      observe: (call) => {
        send({ type: 'virshCall', ...call });
      },
      resets: () => {
        send({ type: 'resetUnderWay', ...(isByWatchdog() && { byWatchdog: true }) });
      },
    }),
    domainName,
    knownUuid: () => domainUuid,
    ...(softShutdownMode !== undefined && { softShutdownMode }),
    onSideFailure: (failure) => {
      outbox.report({ kind: 'bootOverrideUpdateFailed', failure });
    },
    owedStarts,
    ...(configuration.unusedOverride !== undefined && { unusedOverride: configuration.unusedOverride }),
    leaving: leaving.signal,
  });
}

async function start(configuration: BmcConfiguration): Promise<void> {
  if (configuration.owesStart === true) owedStarts.takeUp();
  if (configuration.keptConnection !== undefined) keptWay.take(configuration.keptConnection);
  const actions = domainActionsOf(configuration);
  let bmc: RunningBmc;
  try {
    bmc = await startBmc({
      configuration,
      identity,
      perform: (action, signal, origin) => {
        if (action.kind === 'storePowerRestorePolicy') return policyStore.store(action.policy);
        if (isChange(action)) changeOrigin = origin;
        return actions.perform(action, signal, origin);
      },
      answer: async (question) => deviceAnswers.answer(question),
      report: (event) => {
        outbox.report(event);
      },
      reportLoginFailures: (failures) => {
        send({ type: 'loginFailures', failures });
      },
      tellBind: (address, code) => {
        if (code === undefined) send({ type: 'addressBound', address });
        else send({ type: 'addressNotBound', address, code });
      },
    });
  } catch (error) {
    reportBindFailure(error);
    return;
  }
  send({ type: 'ready', address: bmc.address, port: bmc.port });
  running = { bmc, actions };
  for (const message of waiting.splice(0)) handle(message, running);
}

function reportBindFailure(error: unknown): void {
  const code = errorCode(error);
  // Not the system's answer to `bind`: a bug. The process dies, and the supervisor starts another.
  if (code === '') throw error;
  send({ type: 'bindFailed', code, message: String(error), ...errorAddress(error) });
  channel.leave();
}

function handle(message: BmcMessage, { bmc, actions }: Running): void {
  bmc.handle({ type: 'supervisorAlive' });
  switch (message.type) {
    case 'domainState':
      gate.release();
      domainUuid = message.uuid ?? domainUuid;
      if (message.uuid !== undefined) bmc.handle({ type: 'uuid', uuid: message.uuid });
      bmc.handle(domainStateInput(message));
      return;
    case 'definitionChanged':
    case 'domainStateUntrusted':
      gate.release();
      bmc.handle(message);
      return;
    case 'domainUnanswered':
      gate.hold(monotonicMs() - message.forMs);
      bmc.handle({ type: 'domainStateUntrusted' });
      return;
    case 'allDomainsUnanswered':
      gate.noteAllDomains(message.isSo);
      return;
    case 'powerUp':
    case 'storedPolicy':
    case 'guessingSources':
      bmc.handle(message);
      return;
    case 'watchdogExpired': {
      const { type, ...expiry } = message;
      bmc.handle({ type, expiry });
      return;
    }
    case 'finishStart':
      if (owedStarts.takeUp()) bmc.handle(message);
      else void owedStarts.end('calledOff');
      return;
    case 'startOvertaken':
      owedStarts.overtake();
      return;
    case 'bootOverride':
      bmc.handle(bootOverrideInput(message.element));
      return;
    case 'addresses':
      bmc.setAddresses(message.addresses);
      return;
    default:
      void answerTo(message, { bmc, actions }).then(send);
  }
}

function domainStateInput({
  domainState,
  event,
  askedAtMs,
}: Extract<SupervisorMessage, { readonly type: 'domainState' }>): EndpointInput {
  return {
    type: 'domainState',
    domainState,
    ...(event !== undefined && { event }),
    ...(askedAtMs !== undefined && { askedAt: fromHostClock(askedAtMs) }),
  };
}

function bootOverrideInput(element: string | undefined): EndpointInput {
  const bootFlags = element === undefined ? 'mayBeUsedUp' : bootFlagsOf(element);
  return bootFlags === 'mayBeUsedUp' ? { type: 'inspectDomain' } : { type: 'bootFlags', bootFlags };
}

/** Ends the process once no change of the domain is under way: half a power cycle is a lost machine. */
async function stop(): Promise<void> {
  leaving.abort();
  await starting;
  await running?.bmc.stop();
  outbox.flush();
  channel.leave();
}

function receive(message: SupervisorMessage): void {
  switch (message.type) {
    case 'configure':
      nameProcess(`bmc ${message.configuration.name}`);
      starting = start(message.configuration);
      return;
    case 'keptConnection':
      keptWay.take(message);
      return;
    case 'powerRestorePolicyStored':
      policyStore.takeAnswer(message);
      return;
    case 'owedStartNoted':
      owedStarts.takeAnswer(message);
      return;
    case 'deviceAnswered':
      deviceAnswers.takeAnswer(message);
      return;
    case 'stop':
      void stop();
      return;
    default:
      if (running === undefined) waiting.push(message);
      else handle(message, running);
  }
}

// Ctrl-C in the supervisor's terminal reaches the whole process group: the supervisor decides when a worker ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void stop());
// Without a listener Node opens its debugger, on a port that every local account can connect to.
process.on('SIGUSR1', () => undefined);
