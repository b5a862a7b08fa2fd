import type { BmcEvent } from '#worker/core/terms/bmc-event.ts';
import type { DomainAction, DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import type { BmcConfiguration } from '#worker/ipc/protocol.ts';
import { startBmc, type RunningBmc } from '#worker/shell/bmc.ts';
import { usualAnswers } from './usual-answers.ts';
import type { UdpConsole } from '../console/udp-console.ts';

export const UUID = '12345678-9abc-def0-1122-334455667788';

function outcomeOf(action: DomainAction): DomainActionOutcome {
  switch (action.kind) {
    case 'readUuid':
      return { ok: true, facts: { uuid: UUID } };
    case 'readDomainState':
    case 'chassisControl':
      return { ok: true, facts: { domainState: 'running' } };
    default:
      return { ok: true, facts: {} };
  }
}

export interface StartedBmc {
  readonly bmc: RunningBmc;
  readonly actions: DomainAction[];
  readonly events: BmcEvent[];
}

const running: StartedBmc[] = [];

/** A BMC on a real socket. Its domain carries out every action at once, unless `perform` does something else. */
export async function start(
  options: Partial<BmcConfiguration> & {
    readonly perform?: (action: DomainAction) => Promise<DomainActionOutcome>;
  } = {},
): Promise<StartedBmc> {
  const { perform = (action: DomainAction) => Promise.resolve(outcomeOf(action)), ...configuration } =
    options;
  const actions: DomainAction[] = [];
  const events: BmcEvent[] = [];
  const bmc = await startBmc({
    configuration: {
      name: 'node-0',
      domainName: 'node-0',
      address: '127.0.0.1',
      port: 0,
      connectionUri: 'test:///default',
      cipherSuites: [17, 3],
      users: [{ name: 'admin', password: 'pässword', privilege: 'administrator' }],
      ...configuration,
    },
    identity: { firmwareMajorRevision: 1, firmwareMinorRevision: 0, firmwarePatch: 0 },
    perform: (action) => {
      actions.push(action);
      return perform(action);
    },
    answer: ({ kind }) => Promise.resolve({ ok: true, value: usualAnswers[kind] }),
    report: (event) => {
      events.push(event);
    },
    reportLoginFailures: () => undefined,
  });
  const started = { bmc, actions, events };
  running.push(started);
  return started;
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map(({ bmc }) => bmc.stop()));
}

/** Options of a console that may log in. */
export function consoleOptions(port: number, host = '127.0.0.1'): Parameters<typeof UdpConsole.bind>[0] {
  return {
    host,
    port,
    userName: 'admin',
    password: 'pässword',
    privilegeLevel: 'administrator',
    cipherSuiteId: 17,
    retransmitAfterMs: 500,
    deadlineMs: 4_000,
  };
}
