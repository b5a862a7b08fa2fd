import { getDeviceId } from '@vbmc/ipmi-codec';
import {
  ask,
  challenged,
  completionCodeOf,
  handshake,
  login,
  newConsole,
} from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID } from '#support/bmc/simulated-bmc.ts';

function datagrams(sent: readonly { readonly datagram: Uint8Array }[]): string[] {
  return sent.map(({ datagram }) => Buffer.from(datagram).toString('hex'));
}

describe('a retransmission in the handshake', () => {
  test('of RAKP 1 gets the identical answer', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    const rakp1 = console.rakpMessage1();

    const first = datagrams(bmc.send(rakp1));

    expect(first).toHaveLength(1);
    expect(datagrams(bmc.send(rakp1))).toEqual(first);
  });

  test('of RAKP 1 gets the identical answer even when the UUID became known meanwhile', () => {
    const bmc = new SimulatedBmc();
    bmc.start();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    const rakp1 = console.rakpMessage1();
    const first = bmc.send(rakp1);
    bmc.finish('readUuid', { ok: true, facts: { uuid: UUID } });

    expect(datagrams(bmc.send(rakp1))).toEqual(datagrams(first));
    // The console continues with the first answer and its null GUID, and RAKP 4 must fit that.
    console.receive(first[0]?.datagram ?? new Uint8Array(0));
    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({ kind: 'rakpMessage4', verified: true });
  });

  test('of RAKP 3 gets RAKP 4 again until the first packet of the session, then nothing', () => {
    const bmc = SimulatedBmc.started();
    const { console, rakp3 } = challenged(bmc);
    const first = bmc.send(rakp3);

    expect(datagrams(bmc.send(rakp3))).toEqual(datagrams(first));
    expect(datagrams(bmc.send(rakp3))).toEqual(datagrams(first));
    console.receive(first[0]?.datagram ?? new Uint8Array(0));
    completionCodeOf(bmc, console, getDeviceId, undefined);
    expect(bmc.send(rakp3)).toEqual([]);
    expect(bmc.eventsOf('sessionOpened')).toHaveLength(1);
  });

  test('of RAKP 3 does not restart the session: no packet is accepted twice', () => {
    const bmc = SimulatedBmc.started();
    const { console, rakp3 } = challenged(bmc);
    ask(bmc, console, rakp3);
    const request = console.request(getDeviceId, undefined);
    ask(bmc, console, request);

    bmc.send(rakp3);

    expect(bmc.send(request)).toEqual([]);
  });

  test('is answered at the address that it came from', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    const rakp1 = console.rakpMessage1();
    bmc.send(rakp1);
    const elsewhere = { address: '2001:db8::9', port: 6_230 };

    expect(bmc.send(rakp1, elsewhere).map(({ to }) => to)).toEqual([elsewhere]);
  });
});

describe('a refused RAKP 3', () => {
  test('ends the handshake: the right password needs a new session', () => {
    const bmc = SimulatedBmc.started();
    const { console, rakp3: right } = challenged(bmc);
    ask(bmc, console, console.rakpMessage3({ keyExchangeAuthenticationCode: new Uint8Array(32) }));

    bmc.send(right);

    expect(bmc.eventsOf('sessionOpened')).toEqual([]);
    expect(bmc.figures.halfOpenSessions).toBe(0);
  });
});

describe('a handshake', () => {
  test.each([3, 17] as const)('with cipher suite %d ends in a session that answers', (cipherSuiteId) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc, { cipherSuiteId });

    expect(completionCodeOf(bmc, console, getDeviceId, undefined)).toBe(0);
    expect(bmc.eventsOf('sessionOpened')).toMatchObject([{ user: 'administrator', cipherSuiteId }]);
  });

  test('carries the domain’s UUID', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    handshake(bmc, console);

    expect(Buffer.from(console.managedSystemGuid).toString('hex')).toBe('78563412bc9af0de1122334455667788');
  });
});
