import fc from 'fast-check';
import {
  getChannelAuthenticationCapabilities,
  getChannelCipherSuites,
  getDeviceId,
  getSystemGuid,
} from '@vbmc/ipmi-codec';
import type { RemoteConsole } from '../../support/remote-console.ts';

/**
 * A forged source address turns every answer into somebody else's traffic. The largest is the presence pong:
 * 12 bytes of ping, 28 of pong. The next are RAKP Message 2 and Get System GUID, just below two.
 */
export const amplificationBound = 28 / 12;

/** The datagrams that anybody can send, made by a console that follows the rules. */
export const strangerDatagrams: Readonly<Record<string, (console: RemoteConsole) => Uint8Array>> = {
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

export const strangerKind = fc.constantFrom(...Object.keys(strangerDatagrams));

/** What is done to a datagram on its way. */
export type Mutation =
  | { readonly kind: 'none' }
  | { readonly kind: 'flip'; readonly at: number; readonly mask: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'extend'; readonly more: Uint8Array }
  | { readonly kind: 'splice'; readonly at: number; readonly bytes: Uint8Array };

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(200), mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(120) }),
  fc.record({ kind: fc.constant('extend' as const), more: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
  fc.record({
    kind: fc.constant('splice' as const),
    at: fc.nat(100),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
);

export const mutate = (datagram: Uint8Array, how: Mutation): Uint8Array => {
  const mutated = Uint8Array.from(datagram);
  switch (how.kind) {
    case 'none':
      return mutated;
    case 'flip': {
      const at = how.at % mutated.length;
      mutated[at] = (mutated[at] ?? 0) ^ how.mask;
      return mutated;
    }
    case 'cut':
      return mutated.subarray(0, how.at % mutated.length);
    case 'extend':
      return Uint8Array.from([...mutated, ...how.more]);
    case 'splice':
      mutated.set(
        how.bytes.subarray(0, mutated.length),
        how.at % (mutated.length - Math.min(mutated.length, how.bytes.length) + 1),
      );
      return mutated;
  }
};
