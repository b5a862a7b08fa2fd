import {
  decodeAsfPresence,
  decodeIpmiMessage,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  encodeAsfPresence,
  encodeIpmiMessage,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  encodeSessionPacketV15,
  INITIALIZATION_VECTOR_LENGTH,
  openSessionPacketV20,
  sealSessionPacketV20,
  type SessionSecurityV20,
} from '@vbmc/ipmi-codec';
import { handshakeCodecs } from '#support/handshake-codecs.ts';

/** Decodes a datagram layer by layer and encodes it again from the values. */
export function encodeAgain(datagram: Uint8Array, security: () => SessionSecurityV20): Uint8Array {
  const { body, ...rmcp } = decodeRmcpPacket(datagram);
  const wrap = (again: Uint8Array): Uint8Array => encodeRmcpPacket({ ...rmcp, body: again });
  if (rmcp.messageClass === 'asf') return wrap(encodeAsfPresence(decodeAsfPresence(body)));
  if (body[0] === 0 || body[0] === 2) {
    const packet = decodeSessionPacketV15(body);
    return wrap(encodeSessionPacketV15({ ...packet, payload: ipmiAgain(packet.payload) }));
  }
  const packet = decodeSessionPacketV20(body);
  const codec = handshakeCodecs[packet.payloadType];
  if (codec !== undefined) {
    const message = codec.decode(packet.payload);
    return wrap(encodeSessionlessPacketV20(packet.payloadType, codec.encode(message as never)));
  }
  const opened = openSessionPacketV20(security(), body, packet);
  if (opened === undefined) throw new Error('the authentication code does not match the password');
  const iv = packet.payload.subarray(0, INITIALIZATION_VECTOR_LENGTH);
  return sealSessionPacketV20(security(), { ...packet, payload: ipmiAgain(opened) }, iv);
}

function ipmiAgain(payload: Uint8Array): Uint8Array {
  return encodeIpmiMessage(decodeIpmiMessage(payload));
}
