import { bit, flag } from '../bytes/bits.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** What packets of both directions have: 4 bytes of header, the last of which differs, then the characters (v2.0§15.9). */
interface SolPacket {
  /** Byte 1, bits 3:0. 0: there are no characters, and nothing is to be acknowledged. */
  readonly sequenceNumber: number;
  /** Byte 2, bits 3:0: the packet that this one acknowledges; 0: none. */
  readonly acknowledged: number;
  /** Byte 3: how many characters of that packet were taken. */
  readonly acceptedCharacters: number;
  /** Byte 4, bit 6: the packet was refused; only `acceptedCharacters` of it were taken. */
  readonly nack: boolean;
  /** At most 255 here; a datagram has room for more. */
  readonly characters: Uint8Array;
}

/** From the remote console to the BMC (table 15-2). Of byte 4, bit 7 is reserved. */
export interface SolPacketToBmc extends SolPacket {
  /** Byte 4, bit 5: ring, which wakes a machine up. */
  readonly ring: boolean;
  /** Byte 4, bit 4: a break on the serial line, before the characters. */
  readonly sendBreak: boolean;
  /** Byte 4, bits 3 and 2: the line CTS, the lines DCD and DSR are taken away from the machine. */
  readonly deassertCts: boolean;
  readonly deassertDcdDsr: boolean;
  /** Byte 4, bit 1: the BMC drops what it has for the machine; bit 0: what it has for the remote console. */
  readonly flushInbound: boolean;
  readonly flushOutbound: boolean;
}

/** From the BMC to the remote console (table 15-2). Of byte 4, bits 7, 1 and 0 are reserved. */
export interface SolPacketToConsole extends SolPacket {
  /** Byte 4, bit 5: no character reaches the machine or comes from it: it is off. */
  readonly transferUnavailable: boolean;
  /** Byte 4, bit 4: Serial over LAN ends; no packet follows. */
  readonly deactivating: boolean;
  /** Byte 4, bit 3: characters of the machine were lost before these. */
  readonly transmitOverrun: boolean;
  /** Byte 4, bit 2: the machine has sent a break. */
  readonly breakDetected: boolean;
}

/** Bytes before the characters. */
export const SOL_HEADER_LENGTH = 4;

function readHeader(reader: ByteReader) {
  const sequenceNumber = reader.u8() & 0x0f;
  const acknowledged = reader.u8() & 0x0f;
  const acceptedCharacters = reader.u8();
  const bits = reader.u8();
  return {
    bits,
    packet: {
      sequenceNumber,
      acknowledged,
      acceptedCharacters,
      nack: bit(bits, 6),
      characters: reader.rest(),
    },
  };
}

function write(
  { sequenceNumber, acknowledged, acceptedCharacters, nack, characters }: SolPacket,
  bits: number,
): Uint8Array {
  return new ByteWriter(SOL_HEADER_LENGTH + characters.length)
    .u8(sequenceNumber)
    .u8(acknowledged)
    .u8(acceptedCharacters)
    .u8(flag(nack, 6) | bits)
    .put(characters).bytes;
}

/** The payload of type 1 of a packet that the BMC receives, decrypted. `characters` is a view of it. */
export function decodeSolPacketToBmc(payload: Uint8Array): SolPacketToBmc {
  const { bits, packet } = readHeader(new ByteReader(payload));
  return {
    ...packet,
    ring: bit(bits, 5),
    sendBreak: bit(bits, 4),
    deassertCts: bit(bits, 3),
    deassertDcdDsr: bit(bits, 2),
    flushInbound: bit(bits, 1),
    flushOutbound: bit(bits, 0),
  };
}

export function encodeSolPacketToBmc(packet: SolPacketToBmc): Uint8Array {
  const { ring, sendBreak, deassertCts, deassertDcdDsr, flushInbound, flushOutbound } = packet;
  return write(
    packet,
    flag(ring, 5) |
      flag(sendBreak, 4) |
      flag(deassertCts, 3) |
      flag(deassertDcdDsr, 2) |
      flag(flushInbound, 1) |
      flag(flushOutbound, 0),
  );
}

/** The payload of type 1 of a packet that the BMC sends. `characters` is a view of it. */
export function decodeSolPacketToConsole(payload: Uint8Array): SolPacketToConsole {
  const { bits, packet } = readHeader(new ByteReader(payload));
  return {
    ...packet,
    transferUnavailable: bit(bits, 5),
    deactivating: bit(bits, 4),
    transmitOverrun: bit(bits, 3),
    breakDetected: bit(bits, 2),
  };
}

export function encodeSolPacketToConsole(packet: SolPacketToConsole): Uint8Array {
  const { transferUnavailable, deactivating, transmitOverrun, breakDetected } = packet;
  return write(
    packet,
    flag(transferUnavailable, 5) | flag(deactivating, 4) | flag(transmitOverrun, 3) | flag(breakDetected, 2),
  );
}
