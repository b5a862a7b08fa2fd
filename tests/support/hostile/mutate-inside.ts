import {
  authenticationType,
  checksum,
  DecodeError,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
  encodeRmcpPacket,
  encodeSessionHeaderV20,
  encodeSessionPacketV15,
} from '@vbmc/ipmi-codec';
import { mutate, type Mutation } from './mutation.ts';

const LONGEST_V15 = 255;

/** A copy of an IPMI message with its two checksums corrected. */
export function withChecksums(message: Uint8Array): Uint8Array {
  const repaired = Uint8Array.from(message);
  if (repaired.length < 4) return repaired;
  repaired[2] = checksum(repaired.subarray(0, 2));
  repaired[repaired.length - 1] = checksum(repaired.subarray(3, -1));
  return repaired;
}

function mutatePayload(datagram: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  const { body, ...rmcp } = decodeRmcpPacket(datagram);
  if (body[0] === 0) {
    const packet = decodeSessionPacketV15(body);
    const payload = withChecksums(mutate(packet.payload, changes)).subarray(0, LONGEST_V15);
    return encodeRmcpPacket({ ...rmcp, body: encodeSessionPacketV15({ ...packet, payload }) });
  }
  const packet = decodeSessionPacketV20(body);
  const mutated = mutate(packet.payload, changes);
  const payload = packet.payloadType === 'ipmiMessage' ? withChecksums(mutated) : mutated;
  const header = encodeSessionHeaderV20(packet, payload.length);
  return encodeRmcpPacket({
    ...rmcp,
    body: Uint8Array.from(Buffer.concat([header, payload, packet.trailer])),
  });
}

/**
 * Changes only the payload inside the headers and corrects lengths and checksums, so that the changes reach the code
 * behind those checks. A datagram without such a payload is changed as a whole.
 */
export function mutateInside(datagram: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  if (changes.length === 0) return datagram;
  try {
    return mutatePayload(datagram, changes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return mutate(datagram, changes);
  }
}

/**
 * The session sequence number follows RMCP header, authentication type, payload type and session id; in IPMI 1.5 it
 * follows the first two.
 */
function numberOffset(datagram: Uint8Array): number {
  return datagram[4] === authenticationType.rmcpPlus ? 10 : 5;
}

/** A copy with `by` added to the session sequence number; authentication codes are not corrected. */
export function renumbered(datagram: Uint8Array, by: number): Uint8Array {
  const copy = Uint8Array.from(datagram);
  const at = numberOffset(copy);
  if (copy.length < at + 4) return copy;
  const view = new DataView(copy.buffer);
  view.setUint32(at, view.getUint32(at, true) + by, true);
  return copy;
}
