import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { checksum } from '../bytes/checksum.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** The BMC's own slave address (v2.0§5.4). */
export const BMC_SLAVE_ADDRESS = 0x20;
/** The software id with which remote consoles address themselves (v2.0§5.5). */
export const REMOTE_CONSOLE_ADDRESS = 0x81;

/** An IPMI message in LAN format (v2.0§13.8 figure 13-4): 7 bytes plus its data. */
export interface IpmiMessage {
  /** Slave address or software id of the receiver. */
  readonly toAddress: number;
  /** 6 bits: even in a request, odd in a response. */
  readonly netFn: number;
  /** 2 bits: the receiver's logical unit in a request, the sender's in a response. */
  readonly toLun: number;
  readonly fromAddress: number;
  /** 6 bits, chosen by the requester; the response repeats it. */
  readonly rqSeq: number;
  readonly fromLun: number;
  readonly command: number;
  /** A response's first byte is its completion code. */
  readonly data: Uint8Array;
}

const OVERHEAD = 7;

export function encodeIpmiMessage(message: IpmiMessage): Uint8Array {
  const { bytes } = new ByteWriter(OVERHEAD + message.data.length)
    .u8(message.toAddress)
    .u8((message.netFn << 2) | message.toLun)
    .skip(1)
    .u8(message.fromAddress)
    .u8((message.rqSeq << 2) | message.fromLun)
    .u8(message.command)
    .put(message.data);
  bytes[2] = checksum(bytes.subarray(0, 2));
  bytes[bytes.length - 1] = checksum(bytes.subarray(3, -1));
  return bytes;
}

export function decodeIpmiMessage(payload: Uint8Array): IpmiMessage {
  const reader = new ByteReader(payload);
  const toAddress = reader.u8();
  const netFnLun = reader.u8();
  if (reader.u8() !== checksum(payload.subarray(0, 2)))
    throw new DecodeError('invalidField', 'header checksum');
  const fromAddress = reader.u8();
  const rqSeqLun = reader.u8();
  const command = reader.u8();
  if (reader.remaining < 1) throw new DecodeError('tooShort', 'no data checksum');
  const data = reader.take(reader.remaining - 1);
  if (reader.u8() !== checksum(payload.subarray(3, -1)))
    throw new DecodeError('invalidField', 'data checksum');
  return {
    toAddress,
    netFn: netFnLun >>> 2,
    toLun: netFnLun & 3,
    fromAddress,
    rqSeq: rqSeqLun >>> 2,
    fromLun: rqSeqLun & 3,
    command,
    data,
  };
}

/** The response to `request`: addresses and logical units are swapped, the network function is one higher. */
export function responseTo(request: IpmiMessage, data: Uint8Array): IpmiMessage {
  return {
    toAddress: request.fromAddress,
    netFn: request.netFn | 1,
    toLun: request.fromLun,
    fromAddress: request.toAddress,
    rqSeq: request.rqSeq,
    fromLun: request.toLun,
    command: request.command,
    data,
  };
}
