import {
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getDeviceId,
  getSystemGuid,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '../console/remote-console.ts';

/**
 * The largest allowed ratio of answer to request, because an attacker can direct the answers to a victim by forging its
 * address. The presence pong has the largest ratio: 28 bytes for a ping of 12. RAKP Message 2 and Get System GUID
 * follow with just below 2.
 */
export const AMPLIFICATION_BOUND = 28 / 12;

/** Datagrams that need no session, made by a well-behaved console. */
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
