/** A whole session, recorded on the wire and sent again by somebody who has no key: none of it is accepted. */
import {
  chassisControlCommand,
  closeSession,
  decodeRmcpPacket,
  decodeSessionPacketV20,
  getChassisStatus,
  getDeviceId,
  privilegeLevel,
  setSessionPrivilegeLevel,
  setSystemBootOptions,
  type CipherSuiteId,
} from '@vbmc/ipmi-codec';
import { limits } from '../../../packages/bmc-worker/src/core/limits.ts';
import type { RemoteConsole } from '../../support/remote-console.ts';
import { bitFlips, orders, truncations } from '../../support/tampered.ts';
import { newConsole } from './console-of-bmc.ts';
import { seededBytes } from './seeded-bytes.ts';
import { SimulatedBmc } from './simulated-bmc.ts';

const thief = { address: '203.0.113.66', port: 666 };

/** RMCP header: version, reserved, sequence number, class. No authentication code covers it. */
const rmcpHeader = 4;

interface Scene {
  readonly bmc: SimulatedBmc;
  readonly console: RemoteConsole;
  /** From Open Session Request to the last command, in order. */
  readonly recorded: readonly Uint8Array[];
}

type Intercept = (bmc: SimulatedBmc, datagram: Uint8Array) => void;

/** A session that has asked this and that, chosen a boot device and power-cycled the machine; it is still open. */
const record = (cipherSuiteId: CipherSuiteId, intercept: Intercept = () => undefined): Scene => {
  const bmc = SimulatedBmc.started();
  bmc.tell('running');
  const console = newConsole({ cipherSuiteId });
  const recorded: Uint8Array[] = [];
  const send = (datagram: Uint8Array): void => {
    recorded.push(datagram);
    intercept(bmc, datagram);
    const sent = bmc.send(datagram);
    for (const { id } of bmc.underWay())
      sent.push(...bmc.finishId(id, { ok: true, facts: { domainState: 'running' } }));
    expect(sent).toHaveLength(1);
    for (const answer of sent) console.receive(answer.datagram);
  };
  const parameterData = Uint8Array.of(0x80, 0x04, 0, 0, 0);
  const boot = { markInvalid: false, parameterSelector: 5, parameterData };
  send(console.openSessionRequest());
  send(console.rakpMessage1());
  send(console.rakpMessage3());
  send(console.request(setSessionPrivilegeLevel, { privilegeLevel: privilegeLevel.administrator }));
  send(console.request(getDeviceId, undefined));
  send(console.request(getChassisStatus, undefined));
  send(console.request(setSystemBootOptions, boot));
  send(console.request(chassisControlCommand, { chassisControl: 'powerCycle' }));
  expect([bmc.asked('setBootFlags'), bmc.asked('chassisControl')]).toEqual([1, 1]);
  return { bmc, console, recorded };
};

const sessionIdOf = (datagram: Uint8Array): number =>
  decodeSessionPacketV20(decodeRmcpPacket(datagram).body).sessionId;

/** What the thief's datagram brought about, or nothing: an answer inside a session, an action, a login, a sign of life. */
const accepted = (bmc: SimulatedBmc, datagram: Uint8Array): unknown => {
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
};

const none = (bmc: SimulatedBmc, datagrams: Iterable<Uint8Array>): number => {
  let count = 0;
  for (const datagram of datagrams) {
    const taken = accepted(bmc, datagram);
    // One expectation for each of so many takes seconds.
    if (taken !== undefined) expect(taken).toBeUndefined();
    count++;
    // As on a wire: not all at one moment, or the limits of one source would decide.
    if (count % 1_000 === 0) bmc.now += 100;
  }
  return count;
};

/** What has become of the session when the thief comes. */
const afterwards: Readonly<Record<string, (scene: Scene) => SimulatedBmc>> = {
  'while the session is open': ({ bmc }) => bmc,
  'when it was closed': ({ bmc, console }) => {
    bmc.send(console.request(closeSession, { sessionId: console.managedSystemSessionId }));
    return bmc;
  },
  'when it has timed out': ({ bmc }) => {
    bmc.advance(limits.sessionInactivityMs + 3_000);
    for (const { id } of bmc.underWay()) bmc.finishId(id, { ok: true, facts: {} });
    return bmc;
  },
  'by a BMC that was restarted': () => SimulatedBmc.started({ random: seededBytes(4_711) }),
};

describe.each([17, 3] as const)('a recorded session of suite %d is not accepted', (cipherSuiteId) => {
  describe.each(Object.entries(afterwards))('%s:', (when, become) => {
    const scene = (): { bmc: SimulatedBmc; recorded: readonly Uint8Array[]; goesOn: () => void } => {
      const before = record(cipherSuiteId);
      const bmc = become(before);
      const goesOn = (): void => {
        if (when !== 'while the session is open') return;
        expect(bmc.send(before.console.request(getDeviceId, undefined))).toHaveLength(1);
      };
      return { bmc, recorded: before.recorded, goesOn };
    };

    it('replayed in any order', () => {
      const { bmc, recorded, goesOn } = scene();
      for (const datagrams of Object.values(orders(recorded))) none(bmc, datagrams);
      goesOn();
    });

    it('cut at any length', () => {
      const { bmc, recorded, goesOn } = scene();
      for (const datagram of recorded) none(bmc, truncations(datagram));
      goesOn();
    });

    it('with any bit turned over', () => {
      const { bmc, recorded, goesOn } = scene();
      const flips = recorded.map((datagram) => none(bmc, bitFlips(datagram)));
      expect(flips).toEqual(recorded.map(({ length }) => 8 * length));
      goesOn();
    });
  });

  it('changed on the way, before the genuine packet has come, which then is', () => {
    const { recorded } = record(cipherSuiteId, (bmc, datagram) => {
      if (sessionIdOf(datagram) === 0) return;
      none(bmc, truncations(datagram));
      none(bmc, bitFlips(datagram, rmcpHeader));
    });
    expect(recorded.filter((datagram) => sessionIdOf(datagram) !== 0)).toHaveLength(5);
  });
});
