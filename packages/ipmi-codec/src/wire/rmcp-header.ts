import { ByteReader } from '../bytes/byte-reader.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** Class of RMCP message, bits 4:0 of byte 4 (v2.0§13.1.3 table 13-3). */
export type RmcpMessageClass = 'asf' | 'ipmi';

export interface RmcpPacket {
  readonly messageClass: RmcpMessageClass;
  /** FFh means that the sender wants no RMCP acknowledge. IPMI always uses FFh. */
  readonly sequenceNumber: number;
  readonly body: Uint8Array;
}

const VERSION1 = 0x06;
const classCodes: Record<RmcpMessageClass, number> = { asf: 0x06, ipmi: 0x07 };
const ACKNOWLEDGE_BIT = 0x80;

export const RMCP_HEADER_LENGTH = 4;

/** Writes the 4 header bytes at the start of `datagram`: version, reserved, sequence number, class. */
export function writeRmcpHeader(
  datagram: Uint8Array,
  messageClass: RmcpMessageClass,
  sequenceNumber: number,
): void {
  datagram[0] = VERSION1;
  datagram[1] = 0;
  datagram[2] = sequenceNumber;
  datagram[3] = classCodes[messageClass];
}

/** The RMCP datagram with this body. */
export function encodeRmcpPacket({ messageClass, sequenceNumber, body }: RmcpPacket): Uint8Array {
  const datagram = new Uint8Array(RMCP_HEADER_LENGTH + body.length);
  writeRmcpHeader(datagram, messageClass, sequenceNumber);
  datagram.set(body, RMCP_HEADER_LENGTH);
  return datagram;
}

/** Raises `DecodeError` for another version, another class and for RMCP acknowledges, which a BMC never asks for. */
export function decodeRmcpPacket(datagram: Uint8Array): RmcpPacket {
  const reader = new ByteReader(datagram);
  const version = reader.u8();
  if (version !== VERSION1) throw new DecodeError('invalidField', `RMCP version ${version}`);
  reader.skip(1);
  const sequenceNumber = reader.u8();
  const classByte = reader.u8();
  if (classByte & ACKNOWLEDGE_BIT) throw new DecodeError('invalidField', 'an RMCP acknowledge');
  const messageClass =
    classByte === classCodes.ipmi ? 'ipmi' : classByte === classCodes.asf ? 'asf' : undefined;
  if (messageClass === undefined) throw new DecodeError('invalidField', `RMCP class ${classByte}`);
  return { messageClass, sequenceNumber, body: reader.rest() };
}
