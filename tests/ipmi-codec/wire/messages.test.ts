import fc from 'fast-check';
import {
  decodeAsfPresence,
  decodeIpmiMessage,
  decodeOpenSessionRequest,
  decodeOpenSessionResponse,
  decodeRakpMessage1,
  decodeRakpMessage2,
  decodeRakpMessage3,
  decodeRakpMessage4,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  encodeAsfPresence,
  encodeHandshakeRefusal,
  encodeIpmiMessage,
  encodeOpenSessionRequest,
  encodeOpenSessionResponse,
  encodeRakpMessage1,
  encodeRakpMessage2,
  encodeRakpMessage3,
  encodeRakpMessage4,
  encodeRmcpPacket,
  encodeSessionHeaderV20,
  encodeSessionPacketV15,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { decoderProperties, describeDecoders } from '#support/decoder-properties.ts';

describeDecoders([
  decoderProperties({
    name: 'RMCP packet',
    arbitrary: fc.record({
      messageClass: fc.constantFrom<('ipmi' | 'asf')[]>('ipmi', 'asf'),
      sequenceNumber: any.byte,
      body: any.bytesUpTo(40),
    }),
    encode: encodeRmcpPacket,
    decode: decodeRmcpPacket,
    shortest: 4,
  }),
  decoderProperties({
    name: 'ASF presence message',
    arbitrary: fc.record({
      type: fc.constantFrom<('ping' | 'pong')[]>('ping', 'pong'),
      messageTag: any.byte,
    }),
    encode: encodeAsfPresence,
    decode: decodeAsfPresence,
  }),
  decoderProperties({
    name: 'IPMI 1.5 session packet',
    arbitrary: any.sessionPacketV15,
    encode: encodeSessionPacketV15,
    decode: decodeSessionPacketV15,
  }),
  decoderProperties({
    name: 'RMCP+ session packet',
    arbitrary: fc.record({
      payloadType: any.acceptedPayloadType,
      encrypted: fc.boolean(),
      authenticated: fc.boolean(),
      sessionId: any.u32,
      sessionSequenceNumber: any.u32,
      payload: any.bytesUpTo(300),
      trailer: fc.constant(new Uint8Array(0)),
    }),
    encode: (packet) =>
      Uint8Array.from([...encodeSessionHeaderV20(packet, packet.payload.length), ...packet.payload]),
    decode: decodeSessionPacketV20,
  }),
  decoderProperties({
    name: 'IPMI message',
    arbitrary: any.ipmiMessage,
    encode: encodeIpmiMessage,
    decode: decodeIpmiMessage,
    // A longer prefix may end in a byte that happens to be its checksum.
    shortest: 7,
  }),
  decoderProperties({
    name: 'Open Session Request',
    arbitrary: any.openSessionRequest,
    encode: encodeOpenSessionRequest,
    decode: decodeOpenSessionRequest,
    // From the message tag on it decodes to a refusal: see `cut-handshake.test.ts`.
    shortest: 1,
  }),
  decoderProperties({
    name: 'Open Session Response',
    arbitrary: any.openSessionResponse,
    encode: encodeOpenSessionResponse,
    decode: decodeOpenSessionResponse,
  }),
  decoderProperties({
    name: 'RAKP Message 1',
    arbitrary: any.rakpMessage1,
    encode: encodeRakpMessage1,
    decode: decodeRakpMessage1,
    // From the session id on it decodes to a refusal: see `cut-handshake.test.ts`.
    shortest: 8,
  }),
  decoderProperties({
    name: 'RAKP Message 2',
    arbitrary: any.rakpMessage2,
    encode: encodeRakpMessage2,
    decode: decodeRakpMessage2,
    // The code is the rest of the message; comparing it refuses a code that is too short.
    shortest: 40,
  }),
  decoderProperties({
    name: 'RAKP Message 3',
    arbitrary: any.rakpMessage3,
    encode: encodeRakpMessage3,
    decode: decodeRakpMessage3,
    shortest: 8,
  }),
  decoderProperties({
    name: 'RAKP Message 4',
    arbitrary: any.rakpMessage4,
    encode: encodeRakpMessage4,
    decode: decodeRakpMessage4,
    shortest: 8,
  }),
  ...[decodeOpenSessionResponse, decodeRakpMessage2, decodeRakpMessage4].map((decode) =>
    decoderProperties({
      name: `refusal by ${decode.name}`,
      arbitrary: any.handshakeRefusal,
      encode: encodeHandshakeRefusal,
      decode,
    }),
  ),
]);
