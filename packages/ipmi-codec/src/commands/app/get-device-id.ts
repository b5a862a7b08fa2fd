import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { DecodeError } from '../../bytes/decode-error.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface DeviceId {
  /** 1 byte, the vendor's number for this kind of device; 0 means unspecified. */
  readonly deviceId: number;
  /** 4 bits. */
  readonly deviceRevision: number;
  /** 7 bits, binary. */
  readonly firmwareMajorRevision: number;
  /** 1 byte, binary-coded decimal on the wire; 0 to 99 here. */
  readonly firmwareMinorRevision: number;
  /** Byte 6, bit 7: the device implements the chassis commands. */
  readonly chassisDevice: boolean;
  /** Bit 3: it has an inventory (FRU). Without it ipmitool reads none. */
  readonly fruInventoryDevice: boolean;
  /** Bit 2: it has an event log (SEL). */
  readonly selDevice: boolean;
  /** Bit 1: it has records of its sensors (SDR). */
  readonly sdrRepositoryDevice: boolean;
  /** Bit 0: it has sensors. */
  readonly sensorDevice: boolean;
  /** 20 bits in 3 bytes on the wire: the IANA enterprise number; 0 means unspecified. */
  readonly manufacturerId: number;
  /** 2 bytes; 0 means unspecified. */
  readonly productId: number;
  /** 4 bytes, optional: further parts of the firmware's version, as the vendor likes. */
  readonly auxiliaryFirmwareRevision?: Uint8Array;
}

/** IPMI version 2.0: binary-coded decimal with the least significant digit in bits 7:4. */
const IPMI_VERSION20 = 0x02;

function toBcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}
function fromBcd(byte: number): number {
  const [tens, ones] = [byte >>> 4, byte & 0x0f];
  if (tens > 9 || ones > 9) throw new DecodeError('invalidField', `binary-coded decimal ${byte}`);
  return tens * 10 + ones;
}

const AUXILIARY_LENGTH = 4;

/** v2.0§20.1 table 20-2. Request none, response 11 or 15 bytes. */
export const getDeviceId: Command<NoData, DeviceId> = {
  name: 'Get Device ID',
  netFn: 'app',
  code: 0x01,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const deviceId = reader.u8();
      const deviceRevision = reader.u8() & 0x0f;
      const firmwareMajorRevision = reader.u8() & 0x7f;
      const firmwareMinorRevision = fromBcd(reader.u8());
      reader.skip(1);
      const support = reader.u8();
      const device = {
        deviceId,
        deviceRevision,
        firmwareMajorRevision,
        firmwareMinorRevision,
        chassisDevice: bit(support, 7),
        fruInventoryDevice: bit(support, 3),
        selDevice: bit(support, 2),
        sdrRepositoryDevice: bit(support, 1),
        sensorDevice: bit(support, 0),
        manufacturerId: reader.u24(),
        productId: reader.u16(),
      };
      // ipmi_sim sends one byte here, which is no auxiliary revision.
      return reader.remaining < AUXILIARY_LENGTH
        ? device
        : { ...device, auxiliaryFirmwareRevision: reader.take(AUXILIARY_LENGTH) };
    },
    encode: (device) => {
      const auxiliary = device.auxiliaryFirmwareRevision ?? new Uint8Array(0);
      return new ByteWriter(11 + auxiliary.length)
        .u8(device.deviceId)
        .u8(device.deviceRevision)
        .u8(device.firmwareMajorRevision)
        .u8(toBcd(device.firmwareMinorRevision))
        .u8(IPMI_VERSION20)
        .u8(
          flag(device.chassisDevice, 7) |
            flag(device.fruInventoryDevice, 3) |
            flag(device.selDevice, 2) |
            flag(device.sdrRepositoryDevice, 1) |
            flag(device.sensorDevice, 0),
        )
        .u24(device.manufacturerId)
        .u16(device.productId)
        .put(auxiliary).bytes;
    },
  },
};
