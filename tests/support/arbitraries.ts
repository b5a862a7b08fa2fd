import fc from 'fast-check';
import {
  bootDevice,
  chassisControl,
  payloadType,
  rmcpPlusStatusCode,
  type AlgorithmNumbers,
  type BootDevice,
  type BootFlags,
  type ChassisControl,
  type HandshakeRefusal,
  type IpmiMessage,
  type OpenSessionRequest,
  type OpenSessionResponse,
  type PayloadType,
  type RakpMessage1,
  type RakpMessage2,
  type RakpMessage3,
  type RakpMessage4,
  type RmcpPlusStatusCode,
  type SessionPacketV15,
} from '@vbmc/ipmi-codec';

function keysOf<Key extends string>(table: Readonly<Record<Key, number>>): Key[] {
  return Object.keys(table) as Key[];
}

export const byte = fc.integer({ min: 0, max: 0xff });
export function bits(width: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 2 ** width - 1 });
}
export const u32 = bits(32);
export function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}
export function bytesUpTo(maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength });
}

const algorithmNumber = fc.option(bits(6), { nil: undefined });
export const algorithms: fc.Arbitrary<AlgorithmNumbers> = fc.record({
  authentication: algorithmNumber,
  integrity: algorithmNumber,
  confidentiality: algorithmNumber,
});

export const openSessionRequest: fc.Arbitrary<OpenSessionRequest> = fc.record({
  messageTag: byte,
  requestedMaximumPrivilegeLevel: bits(4),
  remoteConsoleSessionId: u32,
  algorithms,
});

export const openSessionResponse: fc.Arbitrary<OpenSessionResponse> = fc.record({
  messageTag: byte,
  status: fc.constant('noErrors'),
  maximumPrivilegeLevel: bits(4),
  remoteConsoleSessionId: u32,
  managedSystemSessionId: u32,
  algorithms,
});

const refusalStatuses = keysOf(rmcpPlusStatusCode).filter(
  (status): status is Exclude<RmcpPlusStatusCode, 'noErrors'> => status !== 'noErrors',
);
export const handshakeRefusal: fc.Arbitrary<HandshakeRefusal> = fc.record({
  messageTag: byte,
  status: fc.constantFrom(...refusalStatuses),
  remoteConsoleSessionId: u32,
});

export const rakpMessage1: fc.Arbitrary<RakpMessage1> = fc.record({
  messageTag: byte,
  managedSystemSessionId: u32,
  remoteConsoleRandomNumber: bytes(16),
  role: byte,
  userName: bytesUpTo(255),
});

export const rakpMessage2: fc.Arbitrary<RakpMessage2> = fc.record({
  messageTag: byte,
  status: fc.constant('noErrors'),
  remoteConsoleSessionId: u32,
  managedSystemRandomNumber: bytes(16),
  managedSystemGuid: bytes(16),
  keyExchangeAuthenticationCode: fc.oneof(bytes(20), bytes(32)),
});

export const rakpMessage3: fc.Arbitrary<RakpMessage3> = fc.record({
  messageTag: byte,
  status: byte,
  managedSystemSessionId: u32,
  keyExchangeAuthenticationCode: fc.oneof(bytes(0), bytes(20), bytes(32)),
});

export const rakpMessage4: fc.Arbitrary<RakpMessage4> = fc.record({
  messageTag: byte,
  status: fc.constant('noErrors'),
  remoteConsoleSessionId: u32,
  integrityCheckValue: fc.oneof(bytes(12), bytes(16)),
});

/** Has a random authentication code if its authentication type needs one. */
export const sessionPacketV15: fc.Arbitrary<SessionPacketV15> = fc
  .record({
    authenticationType: fc.constantFrom<('none' | 'md5')[]>('none', 'md5'),
    sessionSequenceNumber: u32,
    sessionId: u32,
    authCode: bytes(16),
    payload: bytesUpTo(255),
  })
  .map((packet) =>
    packet.authenticationType === 'md5' ? packet : { ...packet, authCode: new Uint8Array(0) },
  );

export const ipmiMessage: fc.Arbitrary<IpmiMessage> = fc.record({
  toAddress: byte,
  netFn: bits(6),
  toLun: bits(2),
  fromAddress: byte,
  rqSeq: bits(6),
  fromLun: bits(2),
  command: byte,
  data: bytesUpTo(64),
});

/** The payload types that the codec accepts. It refuses OEM explicit payloads, which have another header. */
export const acceptedPayloadType: fc.Arbitrary<PayloadType> = fc.constantFrom(
  ...keysOf(payloadType).filter((type) => type !== 'oemExplicit'),
);

const firmwareRequests = fc
  .record({ verbosity: fc.nat(2), traps: fc.nat(1), bypass: fc.nat(1), redirection: fc.nat(2) })
  .map(
    ({ verbosity, traps, bypass, redirection }) =>
      (verbosity << 5) | (traps << 4) | (bypass << 3) | redirection,
  )
  .map((requests) => (requests === 0 ? {} : { firmwareRequests: requests }));

export const bootFlags: fc.Arbitrary<BootFlags> = fc
  .record({
    valid: fc.boolean(),
    persistent: fc.boolean(),
    efi: fc.boolean(),
    device: fc.constantFrom<BootDevice>(...keysOf(bootDevice)),
  })
  .chain((flags) => firmwareRequests.map((requests) => ({ ...flags, ...requests })));

export const anyChassisControl: fc.Arbitrary<ChassisControl> = fc.constantFrom(...keysOf(chassisControl));
