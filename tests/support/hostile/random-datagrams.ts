import {
  authenticationType,
  encodeRmcpPacket,
  encodeSessionlessPacketV20,
  encodeSessionlessPacketV15,
  type PayloadType,
} from '@vbmc/ipmi-codec';
import type { SeededRandom } from '../seeded-random.ts';

const LONGEST = 200;
const payloadTypes: readonly PayloadType[] = [
  'ipmiMessage',
  'openSessionRequest',
  'rakpMessage1',
  'rakpMessage3',
];

/** Random bytes, behind nothing or behind ever more valid headers: pure noise would stop at the first byte. */
export function randomDatagram(random: SeededRandom): Uint8Array {
  const noise = random.bytes(random.below(LONGEST));
  switch (random.below(5)) {
    case 0:
      return noise;
    case 1:
      return rmcp(noise);
    case 2:
      return rmcp(Uint8Array.of(authenticationType.rmcpPlus, ...noise));
    case 3:
      return rmcp(encodeSessionlessPacketV15(noise));
    default: {
      const type = payloadTypes[random.below(payloadTypes.length)] ?? 'ipmiMessage';
      return rmcp(encodeSessionlessPacketV20(type, noise));
    }
  }
}

function rmcp(body: Uint8Array): Uint8Array {
  return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
}
