/** For each cipher suite that a BMC may allow: which clients can log in, and what protects the packets. */
import {
  cipherSuites,
  getChassisStatus,
  getDeviceId,
  sealSessionPacketV20,
  SessionSecurityV20,
  type CipherSuiteId,
} from '@vbmc/ipmi-codec';
import { ask, completionCodeOf, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const suiteIds = Object.keys(cipherSuites).map(Number) as CipherSuiteId[];
function all(): SimulatedBmc {
  return SimulatedBmc.started({ allowedCipherSuites: suiteIds });
}
const withPassword = suiteIds.filter((id) => cipherSuites[id].authentication !== 'none');

describe.each(suiteIds)('cipher suite %i', (cipherSuiteId) => {
  test('carries commands in a session', () => {
    const bmc = all();
    const console = newConsole({ cipherSuiteId });
    handshake(bmc, console);

    expect(completionCodeOf(bmc, console, getDeviceId, undefined)).toBe(0);
    expect(bmc.eventsOf('sessionOpened')).toMatchObject([{ cipherSuiteId }]);
  });

  test.each(suiteIds.filter((id) => id !== cipherSuiteId))(
    'accepts no packet with the protections of suite %i, unless they are the same',
    (other) => {
      const bmc = all();
      const console = newConsole({ cipherSuiteId });
      handshake(bmc, console);
      const sik = new Uint8Array(cipherSuites[other].authentication === 'rakpHmacSha256' ? 32 : 20);
      const foreign = sealSessionPacketV20(
        new SessionSecurityV20(other, sik),
        {
          payloadType: 'ipmiMessage',
          sessionId: console.managedSystemSessionId,
          sessionSequenceNumber: 1,
          // Get Device ID, in the form in which a packet without protection carries it.
          payload: Uint8Array.of(0x20, 0x18, 0xc8, 0x81, 0x04, 0x01, 0x7a),
        },
        new Uint8Array(16),
      );
      const bare = [cipherSuiteId, other].every((id) => cipherSuites[id].integrity === 'none');

      expect(bmc.send(foreign)).toHaveLength(bare ? 1 : 0);
    },
  );

  test('is refused by a BMC that does not allow it', () => {
    const allowedCipherSuites = suiteIds.filter((id) => id !== cipherSuiteId);
    const console = newConsole({ cipherSuiteId });

    expect(
      ask(SimulatedBmc.started({ allowedCipherSuites }), console, console.openSessionRequest()),
    ).toMatchObject({ kind: 'refusal', refusal: { status: 'noCipherSuiteMatch' } });
  });
});

test.each(withPassword)('cipher suite %i admits no client with a wrong password', (cipherSuiteId) => {
  const console = newConsole({ cipherSuiteId, password: 'guess' });

  expect(handshake(all(), console)).toMatchObject({
    of: 'rakpMessage3',
    refusal: { status: 'invalidIntegrityCheckValue' },
  });
});

test('cipher suite 0 needs no password', () => {
  const bmc = all();
  const console = newConsole({ cipherSuiteId: 0, userName: 'user', password: 'guess' });
  handshake(bmc, console);

  bmc.reportState('running');
  expect(completionCodeOf(bmc, console, getChassisStatus, undefined)).toBe(0);
});

test('with cipher suite 0 the BMC refuses a RAKP Message 3 that has a code', () => {
  const bmc = all();
  const console = newConsole({ cipherSuiteId: 0 });
  ask(bmc, console, console.openSessionRequest());
  ask(bmc, console, console.rakpMessage1());

  expect(
    ask(bmc, console, console.rakpMessage3({ keyExchangeAuthenticationCode: Uint8Array.of(1) })),
  ).toMatchObject({ refusal: { status: 'invalidIntegrityCheckValue' } });
});

test.each<[readonly CipherSuiteId[], CipherSuiteId]>([
  [[17, 3], 3],
  [[3, 17], 3],
  [[0, 1, 2, 3], 3],
  [[0, 17], 17],
  [[16, 17, 0], 16],
])(
  'of %j a proposal that leaves the choice gets suite %d, never suite 0 unasked',
  (allowedCipherSuites, first) => {
    const bmc = SimulatedBmc.started({ allowedCipherSuites });
    const console = newConsole({ cipherSuiteId: first });
    const open = { authentication: undefined, integrity: undefined, confidentiality: undefined };
    ask(bmc, console, console.openSessionRequest({ algorithms: open }));
    ask(bmc, console, console.rakpMessage1());
    ask(bmc, console, console.rakpMessage3());

    expect(bmc.eventsOf('sessionOpened')).toMatchObject([{ cipherSuiteId: first }]);
  },
);
