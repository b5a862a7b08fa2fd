import {
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  encodeSessionPacketV15,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getSystemGuid,
  guidFromUuid,
  decodeIpmiMessage,
} from '@vbmc/ipmi-codec';
import { ask, newConsole, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID } from '#support/bmc/simulated-bmc.ts';

function asRmcpPlus(datagram: Uint8Array): Uint8Array {
  const { payload } = decodeSessionPacketV15(decodeRmcpPacket(datagram).body);
  return encodeRmcpPacket({
    messageClass: 'ipmi',
    sequenceNumber: 0xff,
    body: encodeSessionlessPacketV20('ipmiMessage', payload),
  });
}

describe('before a session', () => {
  test('Get Channel Authentication Capabilities announces IPMI 2.0 only, with user names, without K_g', () => {
    const bmc = SimulatedBmc.started();
    const request = { ipmiV20Data: true, channelNumber: 0x0e, requestedMaximumPrivilegeLevel: 4 };

    expect(respondTo(bmc, newConsole(), getChannelAuthenticationCapabilities, request)).toMatchObject({
      completionCode: 0,
      value: {
        channelNumber: 1,
        ipmiV20Data: true,
        authenticationTypes: 0,
        kgStatus: false,
        nonNullUsernames: true,
        supportsIpmiV20: true,
        supportsIpmiV15: false,
      },
    });
  });

  test('Get Channel Authentication Capabilities says nothing of 2.0 to an IPMI 1.5 console', () => {
    const bmc = SimulatedBmc.started();
    const request = { ipmiV20Data: false, channelNumber: 1, requestedMaximumPrivilegeLevel: 4 };

    expect(respondTo(bmc, newConsole(), getChannelAuthenticationCapabilities, request)).toMatchObject({
      value: { ipmiV20Data: false, supportsIpmiV20: false },
    });
  });

  test.each([
    [true, 0, 'c011034481c003014181'],
    [true, 1, ''],
    [true, 63, ''],
    [false, 0, '0103414481'],
    [false, 1, ''],
  ])('Get Channel Cipher Suites, by suite %s, index %d', (listByCipherSuite, listIndex, records) => {
    const bmc = SimulatedBmc.started();
    const request = { channelNumber: 0x0e, payloadType: 0, listByCipherSuite, listIndex };

    expect(respondTo(bmc, newConsole(), getChannelCipherSuites, request)).toMatchObject({
      completionCode: 0,
      value: { channelNumber: 1, records: Buffer.from(records, 'hex') },
    });
  });

  test('Get Channel Cipher Suites lists the allowed suites, and no others', () => {
    const bmc = SimulatedBmc.started({ allowedCipherSuites: [17] });
    const request = { channelNumber: 1, payloadType: 0, listByCipherSuite: true, listIndex: 0 };

    expect(respondTo(bmc, newConsole(), getChannelCipherSuites, request)).toMatchObject({
      value: { records: Buffer.from('c011034481', 'hex') },
    });
  });

  test('Get System GUID is the domain’s UUID', () => {
    expect(respondTo(SimulatedBmc.started(), newConsole(), getSystemGuid, undefined)).toMatchObject({
      completionCode: 0,
      value: { guid: guidFromUuid(UUID) },
    });
  });

  test('a request in an RMCP+ packet gets its response in an RMCP+ packet', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    const [sent] = bmc.send(asRmcpPlus(console.request(getSystemGuid, undefined)));

    expect(sent?.datagram[4]).toBe(0x06);
    expect(console.receive(sent?.datagram ?? new Uint8Array(0))).toMatchObject({
      kind: 'response',
      completionCode: 0,
      insideSession: false,
    });
  });

  test('an IPMI 1.5 packet with an unknown session id is ignored', () => {
    const console = newConsole();
    const { payload } = decodeSessionPacketV15(
      decodeRmcpPacket(console.request(getSystemGuid, undefined)).body,
    );
    const body = encodeSessionPacketV15({
      authenticationType: 'none',
      sessionSequenceNumber: 1,
      sessionId: 9,
      authCode: new Uint8Array(0),
      payload,
    });

    expect(decodeIpmiMessage(payload).command).toBe(0x37);
    expect(
      SimulatedBmc.started().send(encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body })),
    ).toEqual([]);
  });

  test('a presence ping gets a pong with its tag, unless the tag asks for no pong', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();

    expect(ask(bmc, console, console.presencePing())).toEqual({ kind: 'pong', messageTag: 0 });
    expect(ask(bmc, console, console.presencePing())).toEqual({ kind: 'pong', messageTag: 1 });
    const oneWay = console.presencePing();
    oneWay[9] = 0xff;
    expect(bmc.send(oneWay)).toEqual([]);
  });

  test('an unauthenticated sender leaves no session and no event behind', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.presencePing());
    respondTo(bmc, console, getSystemGuid, undefined);

    expect(bmc.events).toEqual([]);
    expect(bmc.endpoint.wantsTick).toBe(false);
  });
});
