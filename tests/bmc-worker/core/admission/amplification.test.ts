import {
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  encodeSessionlessPacketV15,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, type Transmission } from '#support/bmc/simulated-bmc.ts';
import { AMPLIFICATION_BOUND, unauthenticatedDatagrams } from '#support/bmc/unauthenticated-datagrams.ts';

function bytesOf(sent: readonly Transmission[]): number {
  return sent.reduce((sum, { datagram }) => sum + datagram.length, 0);
}

/** A console that knows the BMC's session id, so that every message of the handshake gets its longest answer. */
function halfOpen(bmc: SimulatedBmc): RemoteConsole {
  const console = newConsole();
  for (const { datagram } of bmc.send(console.openSessionRequest())) console.receive(datagram);
  return console;
}

describe('the answer to an unauthenticated sender', () => {
  test.each(Object.entries(unauthenticatedDatagrams))('to %s is one small datagram', (_, make) => {
    const bmc = SimulatedBmc.started();
    const request = make(halfOpen(bmc));
    const sent = bmc.send(request);

    expect(sent).toHaveLength(1);
    expect(bytesOf(sent) / request.length).toBeLessThanOrEqual(AMPLIFICATION_BOUND);
  });

  test.each(['IPMI 1.5', 'RMCP+'])('to every possible command in an %s packet', (format) => {
    const bmc = SimulatedBmc.started();
    const wrap = (payload: Uint8Array): Uint8Array =>
      format === 'RMCP+'
        ? encodeSessionlessPacketV20('ipmiMessage', payload)
        : encodeSessionlessPacketV15(payload);
    let answers = 0;
    for (let netFn = 0; netFn < 64; netFn += 1) {
      for (let command = 0; command < 256; command += 1) {
        for (const data of [[], [0x8e, 4], [0x0e, 0, 0x80], [0x8e, 1, 0, 0, 0, 0, 0, 0]]) {
          const payload = encodeIpmiMessage({
            ...{ toAddress: 0x20, netFn, toLun: 0, fromAddress: 0x81, rqSeq: 1, fromLun: 0, command },
            data: Uint8Array.from(data),
          });
          const request = encodeRmcpPacket({
            messageClass: 'ipmi',
            sequenceNumber: 0xff,
            body: wrap(payload),
          });
          const sent = bmc.send(request);
          answers += sent.length;
          if (bytesOf(sent) > request.length * AMPLIFICATION_BOUND || sent.length > 1)
            throw new Error(
              `netFn ${netFn}, command ${command}: ${bytesOf(sent)} bytes for ${request.length}`,
            );
        }
        bmc.now += 1;
      }
    }
    // The BMC answers every request and no response.
    expect(answers).toBe(32 * 256 * 4);
    expect(bmc.figures.rateLimitedDatagrams).toBe(0);
  });

  test('to a locked-out user is no longer than to any other user', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 1, lockoutMs: 60_000 } });
    const challenged = Array.from({ length: 2 }, () => {
      const console = halfOpen(bmc);
      for (const { datagram } of bmc.send(console.rakpMessage1())) console.receive(datagram);
      return console;
    });
    for (const console of challenged) {
      const wrong = console.rakpMessage3({ keyExchangeAuthenticationCode: new Uint8Array(32) });
      expect(bytesOf(bmc.send(wrong))).toBeLessThan(wrong.length);
    }
    const request = halfOpen(bmc).rakpMessage1();
    expect(bytesOf(bmc.send(request))).toBeLessThan(request.length);
    expect(bmc.figures.lockedOutLogins).toBe(1);
  });

  test('to RAKP 1 with the shortest existing name stays below twice the request', () => {
    const bmc = SimulatedBmc.started();
    const console = halfOpen(bmc);
    const request = console.rakpMessage1({ userName: new TextEncoder().encode('user') });

    expect(bytesOf(bmc.send(request)) / request.length).toBeLessThan(2);
  });

  test('the bound is reached, so it is not too high', () => {
    const bmc = SimulatedBmc.started();
    const ping = newConsole().presencePing();

    expect(bytesOf(bmc.send(ping)) / ping.length).toBe(AMPLIFICATION_BOUND);
  });
});
