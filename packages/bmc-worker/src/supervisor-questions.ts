/** What the worker answers to the supervisor's questions. */
import type { DomainState, SupervisorMessage, WorkerMessage } from './ipc/protocol.ts';
import { isPoweredOn } from './core/domain/power-state.ts';
import type { DomainActions } from './libvirt/domain-actions.ts';
import type { RunningBmc } from './shell/bmc.ts';
import { usersOf } from './shell/users.ts';

export interface Running {
  readonly bmc: RunningBmc;
  readonly actions: DomainActions;
}

type Question<Type> = Extract<SupervisorMessage, { readonly type: Type }>;
export type SupervisorQuestion = Question<
  'updateUsers' | 'readPowerState' | 'readManagedSave' | 'ping' | 'closeSession' | 'describe'
>;

export async function answerTo(question: SupervisorQuestion, running: Running): Promise<WorkerMessage> {
  const { requestId } = question;
  const { bmc } = running;
  switch (question.type) {
    case 'updateUsers':
      return updateUsers(question, bmc);
    case 'readPowerState':
      return readPowerState(requestId, running);
    case 'readManagedSave':
      return readManagedSave(requestId, running);
    case 'ping':
      return { type: 'pong', requestId, ...bmc.figures() };
    case 'closeSession':
      return closeSession(question, bmc);
    case 'describe':
      return { type: 'description', requestId, ...bmc.describe() };
  }
}

function updateUsers(
  { requestId, users, userSlots }: Question<'updateUsers'>,
  bmc: RunningBmc,
): WorkerMessage {
  const before = bmc.figures().activeSessions;
  bmc.handle({ type: 'users', ...usersOf(users, userSlots) });
  return { type: 'usersUpdated', requestId, endedSessions: before - bmc.figures().activeSessions };
}

function closeSession({ requestId, session }: Question<'closeSession'>, bmc: RunningBmc): WorkerMessage {
  const found = bmc.describe().sessions.find(({ id }) => id === session);
  bmc.handle({ type: 'closeSession', session });
  return { type: 'sessionEnded', requestId, ...(found && { user: found.user, source: found.source }) };
}

async function readPowerState(requestId: number, { bmc, actions }: Running): Promise<WorkerMessage> {
  const recalled = bmc.recallDomainState();
  if (recalled !== undefined) {
    const { state, ageMs } = recalled;
    return { ...powerStateOf(requestId, state), source: 'watch', ageMs };
  }
  const outcome = await actions.perform({ kind: 'readDomainState' });
  if (outcome.ok && outcome.facts.domainState !== undefined)
    return { ...powerStateOf(requestId, outcome.facts.domainState), source: 'virsh', ageMs: 0 };
  const failure = outcome.ok ? 'virsh printed no state' : outcome.failure.message;
  return { type: 'powerState', requestId, failure };
}

async function readManagedSave(requestId: number, { bmc, actions }: Running): Promise<WorkerMessage> {
  const recalled = bmc.recallDomainState();
  // libvirt removes the image when it starts the domain.
  const found =
    recalled !== undefined && isPoweredOn[recalled.state] ? false : await actions.hasManagedSave();
  return {
    type: 'managedSave',
    requestId,
    image: found === undefined ? 'unknown' : found ? 'present' : 'absent',
  };
}

function powerStateOf(requestId: number, domainState: DomainState) {
  return {
    type: 'powerState',
    requestId,
    domainState,
    power: isPoweredOn[domainState] ? 'on' : 'off',
  } as const;
}
