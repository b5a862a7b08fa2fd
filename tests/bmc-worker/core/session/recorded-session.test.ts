/** An attacker without a key records a whole session and replays it: the BMC accepts none of it. */
import {
  authenticationType,
  chassisControlCommand,
  closeSession,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  getChassisStatus,
  getDeviceId,
  privilegeLevel,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  type CipherSuiteId,
} from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import { ConsoleV15 } from '#support/console/console-v1-5.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { bitFlips, orders, truncations } from '#support/tampered.ts';
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { bmcV15, shortPasswordOf } from '#support/bmc/console-v1-5-of-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';
import type { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const thief = { address: '203.0.113.66', port: 666 };

/** RMCP header: version, reserved, sequence number, class. No authentication code covers it. */
const RMCP_HEADER = 4;

interface Client {
  /** The messages of its login. Each is made after the previous one was answered. */
  readonly login: readonly (() => Uint8Array)[];
  readonly request: RemoteConsole['request'];
  readonly read: (datagram: Uint8Array) => void;
  readonly sessionId: () => number;
}

function rmcpPlus(cipherSuiteId: CipherSuiteId): Client {
  const console = newConsole({ cipherSuiteId, password: shortPasswordOf('administrator') });
  return {
    login: [() => console.openSessionRequest(), () => console.rakpMessage1(), () => console.rakpMessage3()],
    request: (command, value) => console.request(command, value),
    read: (datagram) => console.receive(datagram),
    sessionId: () => console.managedSystemSessionId,
  };
}

function v15(): Client {
  const console = new ConsoleV15('administrator', shortPasswordOf('administrator'));
  return {
    login: [() => console.getSessionChallenge(), () => console.activateSession('administrator')],
    request: (command, value) => console.request(command, value),
    read: (datagram) => console.receive(datagram),
    sessionId: () => console.sessionId,
  };
}

const clients: Readonly<Record<string, () => Client>> = {
  'of suite 17': () => rmcpPlus(17),
  'of suite 3': () => rmcpPlus(3),
  'of IPMI 1.5': v15,
};

interface Scene {
  readonly bmc: SimulatedBmc;
  readonly client: Client;
  /** From the first message of the login to the last command, in order. */
  readonly recorded: readonly Uint8Array[];
}

type Intercept = (bmc: SimulatedBmc, datagram: Uint8Array) => void;

/** A session that has sent some requests, set a boot device and power-cycled the machine; it is still open. */
function record(client: Client, intercept: Intercept = () => undefined): Scene {
  const bmc = bmcV15();
  bmc.reportState('running');
  const recorded: Uint8Array[] = [];
  const send = (datagram: Uint8Array): void => {
    recorded.push(datagram);
    if (recorded.length > client.login.length) intercept(bmc, datagram);
    const sent = bmc.send(datagram);
    for (const { id } of bmc.underWay())
      sent.push(...bmc.finishId(id, { ok: true, facts: { domainState: 'running' } }));
    expect(sent).toHaveLength(1);
    for (const answer of sent) client.read(answer.datagram);
  };
  const parameterData = Uint8Array.of(0x80, 0x04, 0, 0, 0);
  const boot = { markInvalid: false, parameterSelector: 5, parameterData };
  for (const make of client.login) send(make());
  send(client.request(setSessionPrivilegeLevel, { privilegeLevel: privilegeLevel.administrator }));
  send(client.request(getDeviceId, undefined));
  send(client.request(getChassisStatus, undefined));
  send(client.request(setSystemBootOptions, boot));
  send(client.request(chassisControlCommand, { chassisControl: 'powerCycle' }));
  expect([bmc.asked('setBootFlags'), bmc.asked('chassisControl')]).toEqual([1, 1]);
  return { bmc, client, recorded };
}

function sessionIdOf(datagram: Uint8Array): number {
  const { body } = decodeRmcpPacket(datagram);
  const isV20 = body[0] === authenticationType.rmcpPlus;
  return (isV20 ? decodeSessionPacketV20(body) : decodeSessionPacketV15(body)).sessionId;
}

/**
 * The effect of the attacker's datagram, if any: an answer inside a session, an action, a login, or activity of the
 * session.
 */
function accepted(bmc: SimulatedBmc, datagram: Uint8Array): unknown {
  const [actions, events, sessions] = [
    bmc.actions.length,
    bmc.events.length,
    bmc.endpoint.describeSessions(bmc.now),
  ];
  const answers = bmc.send(datagram, thief).filter((answer) => sessionIdOf(answer.datagram) !== 0);
  const opened = bmc.events.slice(events).filter(({ kind }) => kind === 'sessionOpened');
  const now = bmc.endpoint.describeSessions(bmc.now);
  const isSame = JSON.stringify(now) === JSON.stringify(sessions);
  if (answers.length + opened.length + bmc.actions.length - actions === 0 && isSame) return undefined;
  return { datagram, answers, opened, actions: bmc.actions.slice(actions), now };
}

function none(bmc: SimulatedBmc, datagrams: Iterable<Uint8Array>): number {
  let count = 0;
  for (const datagram of datagrams) {
    const taken = accepted(bmc, datagram);
    // A separate `expect` for each of so many datagrams takes seconds.
    if (taken !== undefined) expect(taken).toBeUndefined();
    count += 1;
    // Spread over time as on a wire, so that the rate limit does not drop them.
    if (count % 1_000 === 0) bmc.now += 100;
  }
  return count;
}

/** What happens to the session before the attacker replays it. */
const afterwards: Readonly<Record<string, (scene: Scene) => SimulatedBmc>> = {
  'while the session is open': ({ bmc }) => bmc,
  'after it was closed': ({ bmc, client }) => {
    bmc.send(client.request(closeSession, { sessionId: client.sessionId() }));
    return bmc;
  },
  'after it timed out': ({ bmc }) => {
    bmc.advance(limits.sessionInactivityMs + 3_000);
    for (const { id } of bmc.underWay()) bmc.finishId(id, { ok: true, facts: {} });
    return bmc;
  },
  'by a restarted BMC': () => bmcV15({ random: seededBytes(4_711) }),
};

describe.each(Object.entries(clients))('a recorded session %s is not accepted', (_name, newClient) => {
  describe.each(Object.entries(afterwards))('%s:', (when, become) => {
    const scene = (): { bmc: SimulatedBmc; recorded: readonly Uint8Array[]; goesOn: () => void } => {
      const before = record(newClient());
      const bmc = become(before);
      const goesOn = (): void => {
        if (when !== 'while the session is open') return;
        expect(bmc.send(before.client.request(getDeviceId, undefined))).toHaveLength(1);
      };
      return { bmc, recorded: before.recorded, goesOn };
    };

    it('replayed in any order', () => {
      const { bmc, recorded, goesOn } = scene();
      for (const datagrams of Object.values(orders(recorded))) none(bmc, datagrams);
      goesOn();
    });

    it('truncated at any length', () => {
      const { bmc, recorded, goesOn } = scene();
      for (const datagram of recorded) none(bmc, truncations(datagram));
      goesOn();
    });

    it('with any bit flipped', () => {
      const { bmc, recorded, goesOn } = scene();
      const flips = recorded.map((datagram) => none(bmc, bitFlips(datagram)));
      expect(flips).toEqual(recorded.map(({ length }) => 8 * length));
      goesOn();
    });
  });

  it('changed on the way before the genuine packet arrives, which is then accepted', () => {
    let packets = 0;
    record(newClient(), (bmc, datagram) => {
      packets += 1;
      none(bmc, truncations(datagram));
      none(bmc, bitFlips(datagram, RMCP_HEADER));
    });
    expect(packets).toBe(5);
  });
});
