import {
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionHeaderV20,
  getDeviceId,
  sealSessionPacketV20,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { ask, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const payload = encodeIpmiMessage({
  toAddress: 0x20,
  netFn: 6,
  toLun: 0,
  fromAddress: 0x81,
  rqSeq: 9,
  fromLun: 0,
  command: 1,
  data: new Uint8Array(0),
});

function scene(): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  return { bmc, console: login(bmc) };
}

function unprotected(console: RemoteConsole, encrypted: boolean, authenticated: boolean): Uint8Array {
  const header = encodeSessionHeaderV20(
    {
      payloadType: 'ipmiMessage',
      encrypted,
      authenticated,
      sessionId: console.managedSystemSessionId,
      sessionSequenceNumber: 5,
    },
    payload.length,
  );
  const body = new Uint8Array(header.length + payload.length);
  body.set(header);
  body.set(payload, header.length);
  return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
}

describe('a packet of a session', () => {
  test('with any bit flipped is refused, and the genuine packet is still accepted', () => {
    const { bmc, console } = scene();
    const genuine = console.request(getDeviceId, undefined);
    // From the session header on, because the RMCP header is not protected.
    for (let bit = 4 * 8; bit < genuine.length * 8; bit += 1) {
      const forged = Uint8Array.from(genuine);
      forged[bit >>> 3] = (forged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));

      expect(bmc.send(forged)).toEqual([]);
    }
    expect(ask(bmc, console, genuine)).toMatchObject({ kind: 'response', completionCode: 0 });
  });

  test('truncated at any length is refused', () => {
    const { bmc, console } = scene();
    const genuine = console.request(getDeviceId, undefined);
    for (let length = 0; length < genuine.length; length += 1) {
      expect(bmc.send(genuine.subarray(0, length))).toEqual([]);
    }
    expect(bmc.send(genuine)).toHaveLength(1);
  });

  test('is accepted once', () => {
    const { bmc, console } = scene();
    const genuine = console.request(getDeviceId, undefined);

    expect(bmc.send(genuine)).toHaveLength(1);
    expect(bmc.send(genuine)).toEqual([]);
  });

  test('is accepted after a later packet has overtaken it', () => {
    const { bmc, console } = scene();
    const early = console.request(getDeviceId, undefined);
    const late = console.request(getDeviceId, undefined);

    expect(bmc.send(late)).toHaveLength(1);
    expect(bmc.send(early)).toHaveLength(1);
  });

  test('too far ahead is refused and does not move the window', () => {
    const { bmc, console } = scene();
    bmc.send(console.seal({ payload, sessionSequenceNumber: 10 }));

    expect(bmc.send(console.seal({ payload, sessionSequenceNumber: 26 }))).toEqual([]);
    expect(bmc.send(console.seal({ payload, sessionSequenceNumber: 25 }))).toHaveLength(1);
  });

  test('forged far ahead does not move the window', () => {
    const { bmc, console } = scene();
    const forged = console.seal({ payload, sessionSequenceNumber: 15 });
    forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
    bmc.send(forged);

    expect(bmc.send(console.seal({ payload, sessionSequenceNumber: 15 }))).toHaveLength(1);
  });

  test.each([
    [false, false],
    [true, false],
    [false, true],
  ])('encrypted %s, authenticated %s is refused', (encrypted, authenticated) => {
    const { bmc, console } = scene();

    expect(bmc.send(unprotected(console, encrypted, authenticated))).toEqual([]);
  });

  test('with another session’s keys is refused', () => {
    const { bmc, console } = scene();
    const other = login(bmc);
    const packet = sealSessionPacketV20(
      other.security,
      {
        payloadType: 'ipmiMessage',
        sessionId: console.managedSystemSessionId,
        sessionSequenceNumber: 5,
        payload,
      },
      new Uint8Array(16),
    );

    expect(bmc.send(packet)).toEqual([]);
  });

  test('of a half-open session is refused', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1());

    // Both sides can compute the keys, but there is no session before RAKP Message 3.
    expect(bmc.send(console.seal({ payload }))).toEqual([]);
  });

  test('of another payload type is ignored', () => {
    const { bmc, console } = scene();

    expect(bmc.send(console.seal({ payload, payloadType: 'sol' }))).toEqual([]);
    expect(bmc.send(console.request(getDeviceId, undefined))).toHaveLength(1);
  });

  test('is answered with rising sequence numbers from 1', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc, { level: 'user' });
    const numbers = Array.from({ length: 3 }, () => {
      const [sent] = bmc.send(console.request(getDeviceId, undefined));
      // RMCP header (4), authentication and payload type (2), session id (4).
      return new DataView(Uint8Array.from(sent?.datagram ?? []).buffer).getUint32(10, true);
    });

    expect(numbers).toEqual([1, 2, 3]);
  });
});
