import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface EventReceiver {
  /** 1 byte: the slave address in bits 7:1 of the controller that takes the events; FFh: nobody does. */
  readonly slaveAddress: number;
  /** 1 byte, bits 1:0. */
  readonly lun: number;
}

/** v2.0§29.2 table 29-3. Request none, response 2 bytes. */
export const getEventReceiver: Command<NoData, EventReceiver> = {
  name: 'Get Event Receiver',
  netFn: 'sensorEvent',
  code: 0x01,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const value = { slaveAddress: reader.u8(), lun: reader.u8() & 0x03 };
      reader.end();
      return value;
    },
    encode: ({ slaveAddress, lun }) => new ByteWriter(2).u8(slaveAddress).u8(lun).bytes,
  },
};
