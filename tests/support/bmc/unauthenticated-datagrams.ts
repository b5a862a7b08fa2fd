import {
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getDeviceId,
  getSystemGuid,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '../remote-console.ts';

/**
 * A forged source address turns every answer into somebody else's traffic. The largest is the presence pong:
 * 12 bytes of ping, 28 of pong. The next are RAKP Message 2 and Get System GUID, just below two.
 */
export const AMPLIFICATION_BOUND = 28 / 12;

/** The datagrams that anybody can send, made by a console that follows the rules. */
export const unauthenticatedDatagrams: Readonly<Record<string, (console: RemoteConsole) => Uint8Array>> = {
  ping: (console) => console.presencePing(),
  openSession: (console) => console.openSessionRequest(),
  openSessionRefused: (console) => console.openSessionRequest({ remoteConsoleSessionId: 0 }),
  rakp1: (console) => console.rakpMessage1(),
  rakp1ShortName: (console) => console.rakpMessage1({ userName: Uint8Array.of(0x75) }),
  rakp1LongName: (console) => console.rakpMessage1({ userName: new Uint8Array(255) }),
  rakp3: (console) => console.rakpMessage3(),
  rakp3Wrong: (console) => console.rakpMessage3({ keyExchangeAuthenticationCode: new Uint8Array(32) }),
  guid: (console) => console.request(getSystemGuid, undefined),
  deviceId: (console) => console.request(getDeviceId, undefined),
  capabilities: (console) =>
    console.request(getChannelAuthenticationCapabilities, {
      ipmiV20Data: true,
      channelNumber: 0x0e,
      requestedMaximumPrivilegeLevel: 4,
    }),
  cipherSuites: (console) =>
    console.request(getChannelCipherSuites, {
      channelNumber: 0x0e,
      payloadType: 0,
      listByCipherSuite: true,
      listIndex: 0,
    }),
};
